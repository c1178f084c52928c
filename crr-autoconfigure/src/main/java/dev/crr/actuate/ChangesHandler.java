package dev.crr.actuate;

import dev.crr.Changeset;
import dev.crr.ChangesetService;
import dev.crr.MergeReport;
import dev.crr.PeerIdentity;
import dev.crr.PeerRules;
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

    ChangesHandler(
            ChangesetService service, CursorStore cursors, ChangesetJson json, ChangesLimits limits, SyncLoop loop) {
        this.service = service;
        this.cursors = cursors;
        this.json = json;
        this.limits = limits;
        this.loop = loop;
    }

    void read(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ChangesParameters parameters;
        PeerRules rules;
        Changeset changeset;
        try {
            parameters = ChangesParameters.of(parameters(request), limits.maxBatchSize());
            requireNotPaused(parameters.peer());
            rules = service.rules(PeerIdentity.caller(request.getUserPrincipal(), parameters.peer()));
            changeset = service.changes(parameters.query(), rules);
        } catch (RuntimeException e) {
            Problems.of(e).write(response);
            return;
        }
        acknowledge(parameters, changeset.siteId(), rules);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (AcceptEncoding.allowsGzip(request)) {
            response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            try (OutputStream gzip = new GZIPOutputStream(response.getOutputStream(), 8192)) {
                json.write(changeset, gzip, parameters.numbers());
            }
        } else {
            json.write(changeset, response.getOutputStream(), parameters.numbers());
        }
    }

    void receive(HttpServletRequest request, HttpServletResponse response) throws IOException {
        MergeReport report;
        try {
            requireNotPaused(null);
            Changeset changeset = json.read(RequestBody.open(request, limits.maxBodySize()));
            requireNotPaused(changeset.siteId());
            report = service.apply(
                    changeset, service.rules(PeerIdentity.caller(request.getUserPrincipal(), changeset.siteId())));
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

    private void acknowledge(ChangesParameters parameters, SiteId ours, @Nullable PeerRules rules) {
        SiteId peer = parameters.peer();
        if (peer == null || peer.equals(ours) || !parameters.acknowledges()) {
            return;
        }
        try {
            String scope = parameters.query().scope();
            cursors.acknowledgeSent(
                    peer,
                    rules == null ? scope : rules.own(scope),
                    parameters.query().since());
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
