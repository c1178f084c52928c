package dev.crr.actuate;

import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.Epoch;
import dev.crr.MergeReport;
import dev.crr.PeerIdentity;
import dev.crr.PeerRules;
import dev.crr.QuarantineFullException;
import dev.crr.SiteId;
import dev.crr.sync.CloneWatch;
import dev.crr.sync.Cursor;
import dev.crr.sync.CursorStore;
import dev.crr.sync.SyncLoop;
import dev.crr.wire.ChangesetCodec;
import dev.crr.wire.MergeReportJson;
import dev.crr.wire.NumberStyle;
import dev.crr.wire.Receipt;
import dev.crr.wire.WireFormat;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.View;

/** Answers requests for changes and takes changes in. Thread-safe. */
final class ChangesHandler {

    private static final Logger log = LoggerFactory.getLogger(ChangesHandler.class);

    private final ChangesetService service;
    private final CursorStore cursors;
    private final CloneWatch watch;
    private final ChangesetCodec codec;
    private final ChangesLimits limits;
    private final SyncLoop loop;
    private final HeldRequests held;
    private final Served served;

    ChangesHandler(
            ChangesetService service,
            CursorStore cursors,
            CloneWatch watch,
            ChangesetCodec codec,
            ChangesLimits limits,
            SyncLoop loop,
            HeldRequests held,
            Served served) {
        this.service = service;
        this.cursors = cursors;
        this.watch = watch;
        this.codec = codec;
        this.limits = limits;
        this.loop = loop;
        this.held = held;
        this.served = served;
    }

    /** What to render later, if the answer has to wait for something to tell; null if it was given. */
    @Nullable DeferredResult<View> read(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Asked asked;
        Changeset changeset;
        try {
            asked = asked(request);
            changeset = changes(asked);
        } catch (RuntimeException e) {
            Problems.of(e).write(response);
            return null;
        }
        acknowledge(asked, changeset.siteId());
        retryChanged();
        if (changeset.changes().isEmpty() && !changeset.more() && request.isAsyncSupported()) {
            DeferredResult<View> later =
                    held.hold(asked, changeset, (model, again, answer) -> answer(asked, again, answer));
            if (later != null) {
                return later;
            }
        }
        write(changeset, asked, request, response);
        return null;
    }

    private void answer(Asked asked, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Changeset changeset;
        try {
            changeset = changes(asked);
        } catch (RuntimeException e) {
            Problems.of(e).write(response);
            return;
        }
        write(changeset, asked, request, response);
    }

    private Asked asked(HttpServletRequest request) {
        WireFormat format = format(request);
        ChangesParameters parameters = ChangesParameters.of(parameters(request), limits.maxBatchSize());
        SiteId peer = parameters.peer();
        Epoch epoch = parameters.peerEpoch();
        requireNotPaused(peer);
        PeerRules rules = service.rules(PeerIdentity.caller(request.getUserPrincipal(), peer));
        if (peer != null && epoch != null) {
            watch.askedBy(peer, epoch);
        }
        if (peer != null) {
            loop.heardFrom(peer);
        }
        return new Asked(parameters, rules, format);
    }

    private Changeset changes(Asked asked) {
        requireNotPaused(asked.parameters().peer());
        return service.changes(asked.parameters().query(), asked.rules());
    }

    private void write(Changeset changeset, Asked asked, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        WireFormat format = asked.format();
        response.setContentType(format.mediaType());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        CountedOutput body = new CountedOutput(response.getOutputStream());
        NumberStyle numbers = asked.parameters().numbers();
        if (AcceptEncoding.allowsGzip(request)) {
            response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            try (OutputStream gzip = new GZIPOutputStream(body, 8192)) {
                codec.write(changeset, gzip, format, numbers);
            }
        } else {
            codec.write(changeset, body, format, numbers);
        }
        served.sent(asked.parameters().peer(), changeset.changes().size(), body.count());
    }

    void receive(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Receipt receipt;
        try {
            requireNotPaused(null);
            CountedRequest counted = new CountedRequest(request);
            Changeset changeset = RequestBody.read(counted, codec, limits);
            requireNotPaused(changeset.siteId());
            PeerRules rules = service.rules(PeerIdentity.caller(request.getUserPrincipal(), changeset.siteId()));
            Introduction introduction = Introduction.of(parameters(request));
            watch.sentBy(changeset, introduction.epoch(), introduction.unknown(), introduction.clones());
            receipt = apply(counted(changeset, introduction.receiver()), rules);
            loop.heardFrom(changeset.siteId());
            served.received(changeset.siteId(), counted.count());
        } catch (IOException e) {
            if (!RequestBody.isMalformed(e)) {
                throw e;
            }
            Problems.of(RefusedRequestException.badRequest("the body is not valid gzip", e))
                    .write(response);
            return;
        } catch (RuntimeException e) {
            Problems.of(e).write(response);
            if (response.getStatus() == HttpServletResponse.SC_REQUEST_TIMEOUT) {
                response.flushBuffer();
                // Or else the server would go on reading, to use the connection again.
                throw new IOException("Gave up on a request: " + e.getMessage(), e);
            }
            return;
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        MergeReportJson.write(receipt, response.getOutputStream());
    }

    /**
     * What somebody left out because we wrote it ourselves, we may have lost by a restoration of which it does not know. Then
     * nothing counts as received, so that it comes again with all of that.
     */
    private Changeset counted(Changeset changeset, @Nullable Epoch receiver) {
        if (changeset.exclude() == null || receiver == null || receiver.equals(service.epoch())) {
            return changeset;
        }
        return changeset.between(changeset.since(), changeset.since()).continuing(null);
    }

    private WireFormat format(HttpServletRequest request) {
        WireFormat format = ResponseFormat.of(request);
        if (!codec.speaks(format)) {
            throw RefusedRequestException.notAcceptable(
                    format.mediaType() + " is not spoken here, but application/json");
        }
        return format;
    }

    private Receipt apply(Changeset changeset, @Nullable PeerRules rules) {
        long begin = System.nanoTime();
        try {
            MergeReport report = service.apply(changeset, rules);
            return new Receipt(report, Duration.ofNanos(System.nanoTime() - begin));
        } catch (QuarantineFullException e) {
            served.refused(changeset.siteId(), e);
            throw e;
        }
    }

    private void acknowledge(Asked asked, SiteId ours) {
        ChangesParameters parameters = asked.parameters();
        SiteId peer = parameters.peer();
        if (peer == null || peer.equals(ours) || !parameters.acknowledges()) {
            return;
        }
        try {
            cursors.acknowledgeSent(
                    peer,
                    asked.scope(),
                    new Cursor(parameters.query().since(), parameters.query().epoch()));
        } catch (RuntimeException e) {
            // The peer says so again with its next request, and until then is merely sent what it has.
            log.debug("Could not note how far {} has come", peer, e);
        }
    }

    /** Who only answers has no rounds of its own in which to do so. */
    private void retryChanged() {
        try {
            service.retryChanged();
        } catch (RuntimeException e) {
            // The asker has its changes; the next request tries again.
            log.warn("Could not try again what is in quarantine", e);
        }
    }

    private void requireNotPaused(@Nullable SiteId peer) {
        if (loop.paused(peer)) {
            throw RefusedRequestException.paused();
        }
    }

    private static Map<String, String[]> parameters(HttpServletRequest request) {
        try {
            return request.getParameterMap();
        } catch (IllegalStateException e) {
            throw RefusedRequestException.badRequest("the query string cannot be decoded", e);
        }
    }
}
