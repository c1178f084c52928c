package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.MalformedChangesetException;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import dev.crr.UnknownVersionException;
import dev.crr.wire.ChangesetJson;
import dev.crr.wire.ChangesetTooLargeException;
import dev.crr.wire.MergeReportJson;
import dev.crr.wire.NumberStyle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * Speaks to one peer. Thread-safe. Everything that goes wrong on the way or over there is a {@link PeerException}, but for
 * {@link UnknownVersionException} and {@link ChangesetTooLargeException}, which a caller can do something about.
 */
final class PeerClient {

    private final RestClient http;
    private final URI url;
    private final ChangesetJson json;
    private final long maxBodySize;

    PeerClient(RestClient http, URI url, ChangesetJson json, long maxBodySize) {
        this.http = http;
        this.url = url;
        this.json = json;
        this.maxBodySize = maxBodySize;
    }

    /**
     * Asks how things stand.
     *
     * @param us who asks
     */
    PeerStatus status(SiteId us) {
        return call(http.get().uri(URI.create(url + "?peer=" + us)), PeerStatus::read);
    }

    /**
     * Asks for changes.
     *
     * @param query which ones
     * @param us who asks, and thereby acknowledges what came before {@code query.since()}
     */
    Changeset changes(ChangeQuery query, SiteId us) {
        StringBuilder uri = new StringBuilder(url + "/changes?since=" + query.since() + "&peer=" + us);
        if (query.epoch() != null) {
            uri.append("&epoch=").append(query.epoch());
        }
        if (query.exclude() != null) {
            uri.append("&exclude=").append(query.exclude());
        }
        if (query.rules() != null) {
            uri.append("&rules=").append(query.rules());
        }
        if (query.limit() > 0) {
            uri.append("&limit=").append(query.limit());
        }
        query.tables().stream()
                .sorted()
                .forEach(table -> uri.append("&table=").append(URLEncoder.encode(table, StandardCharsets.UTF_8)));
        return call(http.get().uri(URI.create(uri.toString())), json::read);
    }

    /** Sends changes. */
    MergeReport push(Changeset changeset) {
        byte[] body = encoded(changeset);
        return call(
                http.post()
                        .uri(URI.create(url + "/changes"))
                        .contentType(MediaType.APPLICATION_JSON)
                        .header(HttpHeaders.CONTENT_ENCODING, "gzip")
                        .contentLength(body.length)
                        .body(out -> out.write(body)),
                MergeReportJson::read);
    }

    private byte[] encoded(Changeset changeset) {
        try {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            // Limited here rather than have the peer cut the connection in the middle.
            try (OutputStream gzip = new SizeLimitedOutputStream(new GZIPOutputStream(compressed), maxBodySize)) {
                json.write(changeset, gzip, NumberStyle.PLAIN);
            }
            return compressed.toByteArray();
        } catch (IOException impossible) {
            throw new IllegalStateException("memory does not fail to be written", impossible);
        }
    }

    private <T> T call(RestClient.RequestHeadersSpec<?> request, BodyReader<T> reader) {
        try {
            return request.accept(MediaType.APPLICATION_JSON)
                    .header(HttpHeaders.ACCEPT_ENCODING, "gzip")
                    .exchangeForRequiredValue((sent, response) -> {
                        try {
                            return reader.read(new PeerAnswer(response, maxBodySize).json());
                        } finally {
                            // Here and now, because Spring would first read to the end of a body that may have none.
                            response.getBody().close();
                        }
                    });
        } catch (MalformedChangesetException e) {
            throw new PeerException(Fault.NOT_A_PEER, "its answer is not understood: " + e.getMessage(), e);
        } catch (ResourceAccessException e) {
            // What Spring adds repeats the URL.
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new PeerException(Fault.AWAY, "it cannot be reached: " + Causes.describe(reason), e);
        }
    }

    /** Makes something of a body. */
    @FunctionalInterface
    private interface BodyReader<T> {
        T read(InputStream body) throws IOException;
    }
}
