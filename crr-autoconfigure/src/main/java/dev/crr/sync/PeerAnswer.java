package dev.crr.sync;

import dev.crr.UnknownVersionException;
import dev.crr.wire.ChangesetTooLargeException;
import dev.crr.wire.SizeLimitedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What came back from a peer, or from whatever stands in its place. */
final class PeerAnswer {

    private static final int MAX_PROBLEM_SIZE = 64 * 1024;
    private static final int MAX_DETAIL_LENGTH = 300;

    private final ClientHttpResponse response;
    private final long maxBodySize;

    PeerAnswer(ClientHttpResponse response, long maxBodySize) {
        this.response = response;
        this.maxBodySize = maxBodySize;
    }

    /**
     * The body of an answer that is what it should be.
     *
     * @throws UnknownVersionException if the peer never gave out the version it was asked from
     * @throws ChangesetTooLargeException if the peer finds the request too large; also later, from the body
     * @throws PeerException if it is anything else than success with JSON
     */
    InputStream json() throws IOException {
        int status = response.getStatusCode().value();
        if (status / 100 == 2) {
            requireJson();
            return body(maxBodySize);
        }
        throw failure();
    }

    private void requireJson() {
        MediaType type = contentType();
        if (!isJson(type)) {
            throw new PeerException(
                    Fault.NOT_A_PEER,
                    "it answered with " + (type == null ? "something untyped" : type)
                            + " instead of JSON: is there a proxy or another application at its URL?");
        }
    }

    /** What an answer that is no success says. */
    RuntimeException failure() throws IOException {
        int status = response.getStatusCode().value();
        JsonNode problem = problem();
        String detail = detail(problem);
        Fault fault = Faults.ofStatus(status);
        switch (status) {
            case 401, 403 -> {
                return new PeerException(fault, "it refused our credentials (" + status + ")" + detail);
            }
            case 404 -> {
                return new PeerException(
                        fault, "it has no crr endpoint at this URL, or does not expose it (404)" + detail);
            }
            case 405 -> {
                return new PeerException(
                        fault, "it does not accept changes: its endpoint's access is read-only (405)" + detail);
            }
            case 409 -> {
                JsonNode resume = problem.path("resume");
                if (resume.isIntegralNumber() && resume.canConvertToLong() && resume.asLong() >= 0) {
                    return new UnknownVersionException("it never gave out this version" + detail, resume.asLong());
                }
            }
            case 413 -> {
                return new ChangesetTooLargeException("it does not accept that much at once (413)" + detail);
            }
            default -> {
                if (status / 100 == 3) {
                    return new PeerException(
                            fault,
                            "it redirects to " + location() + " (" + status
                                    + "), which is not followed: configure the final URL");
                }
            }
        }
        return new PeerException(fault, "it answered with status " + status + detail);
    }

    private JsonNode problem() throws IOException {
        if (isJson(contentType())) {
            try {
                return JsonMapper.shared().readTree(body(MAX_PROBLEM_SIZE));
            } catch (JacksonException | ChangesetTooLargeException notReadable) {
                // The status has to do.
            }
        }
        return JsonMapper.shared().missingNode();
    }

    private static String detail(JsonNode problem) {
        String detail = problem.path("detail").asString("").strip();
        if (detail.isEmpty()) {
            return "";
        }
        return ": " + line(detail);
    }

    /** Without its query, in which login pages are handed tokens. */
    private String location() {
        String location = response.getHeaders().getFirst(HttpHeaders.LOCATION);
        return location == null ? "nowhere" : line(location.replaceFirst("[?#].*", "?…"));
    }

    /** One line of bounded length, because it comes from elsewhere and goes to our log. */
    private static String line(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > MAX_DETAIL_LENGTH ? line.substring(0, MAX_DETAIL_LENGTH) + "…" : line;
    }

    private InputStream body(long limit) throws IOException {
        String encoding = response.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING);
        InputStream plain =
                encoding != null && encoding.toLowerCase(Locale.ROOT).equals("gzip")
                        ? new GZIPInputStream(response.getBody())
                        : response.getBody();
        return new SizeLimitedInputStream(plain, limit);
    }

    private @Nullable MediaType contentType() {
        try {
            return response.getHeaders().getContentType();
        } catch (InvalidMediaTypeException e) {
            return null;
        }
    }

    private static boolean isJson(@Nullable MediaType type) {
        return type != null
                && (MediaType.APPLICATION_JSON.equalsTypeAndSubtype(type)
                        || type.getSubtype().endsWith("+json"));
    }
}
