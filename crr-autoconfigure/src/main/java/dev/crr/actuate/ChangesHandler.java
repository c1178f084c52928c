package dev.crr.actuate;

import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.MergeReport;
import dev.crr.QuarantineFullException;
import dev.crr.SiteId;
import dev.crr.sync.CursorStore;
import dev.crr.sync.SyncLoop;
import dev.crr.wire.ChangesetJson;
import dev.crr.wire.MergeReportJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** Answers requests for changes and takes changes in. Thread-safe. */
final class ChangesHandler {

    private static final Logger log = LoggerFactory.getLogger(ChangesHandler.class);

    private final ChangesetService service;
    private final CursorStore cursors;
    private final ChangesetJson json;
    private final ChangesLimits limits;
    private final SyncLoop loop;
    private final Served served;

    ChangesHandler(
            ChangesetService service,
            CursorStore cursors,
            ChangesetJson json,
            ChangesLimits limits,
            SyncLoop loop,
            Served served) {
        this.service = service;
        this.cursors = cursors;
        this.json = json;
        this.limits = limits;
        this.loop = loop;
        this.served = served;
    }

    void read(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ChangesParameters parameters;
        Changeset changeset;
        try {
            parameters = ChangesParameters.of(parameters(request), limits.maxBatchSize());
            requireNotPaused(parameters.peer());
            changeset = service.changes(parameters.query());
        } catch (RuntimeException e) {
            Problems.of(e).write(response);
            return;
        }
        acknowledge(parameters, changeset.siteId());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        CountedOutput body = new CountedOutput(response.getOutputStream());
        if (AcceptEncoding.allowsGzip(request)) {
            response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            try (OutputStream gzip = new GZIPOutputStream(body, 8192)) {
                json.write(changeset, gzip, parameters.numbers());
            }
        } else {
            json.write(changeset, body, parameters.numbers());
        }
        served.sent(parameters.peer(), changeset.changes().size(), body.count());
    }

    void receive(HttpServletRequest request, HttpServletResponse response) throws IOException {
        MergeReport report;
        try {
            requireNotPaused(null);
            CountedRequest counted = new CountedRequest(request);
            Changeset changeset = json.read(RequestBody.open(counted, limits.maxBodySize()));
            requireNotPaused(changeset.siteId());
            report = apply(changeset);
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
            return;
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        MergeReportJson.write(report, response.getOutputStream());
    }

    private MergeReport apply(Changeset changeset) {
        try {
            return service.apply(changeset);
        } catch (QuarantineFullException e) {
            served.refused(changeset.siteId(), e);
            throw e;
        }
    }

    private void acknowledge(ChangesParameters parameters, SiteId ours) {
        SiteId peer = parameters.peer();
        if (peer == null || peer.equals(ours) || !parameters.acknowledges()) {
            return;
        }
        try {
            cursors.acknowledgeSent(
                    peer, parameters.query().scope(), parameters.query().since());
        } catch (RuntimeException e) {
            // The peer says so again with its next request, and until then is merely sent what it has.
            log.debug("Could not note how far {} has come", peer, e);
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
