package dev.crr.actuate;

import dev.crr.wire.ChangesetTooLargeException;
import dev.crr.wire.SizeLimitedInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** Opens the body of a request that must be JSON. */
final class RequestBody {

    private RequestBody() {}

    /**
     * Opens the body.
     *
     * @param maxSize how many bytes may be read from it, after decompression
     * @return the body, decompressed
     * @throws ChangesetTooLargeException if it is announced to be larger; also later, from the body
     * @throws RefusedRequestException if it is of a type or encoding that is not understood
     */
    static InputStream open(HttpServletRequest request, long maxSize) throws IOException {
        if (!isJson(request.getContentType())) {
            throw RefusedRequestException.unsupported("the body must be application/json in UTF-8");
        }
        return new SizeLimitedInputStream(decoded(request, maxSize), maxSize);
    }

    /** Whether a failure to read lies in the compressed form, and not in the connection. */
    static boolean isMalformed(IOException failure) {
        return failure instanceof ZipException || failure.getClass() == EOFException.class;
    }

    private static InputStream decoded(HttpServletRequest request, long maxSize) throws IOException {
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        String normalised = encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
        return switch (normalised) {
            case "identity" -> {
                if (request.getContentLengthLong() > maxSize) {
                    // Without waiting for what is not going to be read.
                    throw new ChangesetTooLargeException("the body is larger than " + maxSize + " bytes");
                }
                yield request.getInputStream();
            }
            case "gzip", "x-gzip" -> new GZIPInputStream(request.getInputStream(), 8192);
            default -> throw RefusedRequestException.unsupported("the only content encoding understood is gzip");
        };
    }

    private static boolean isJson(@Nullable String contentType) {
        try {
            MediaType type = MediaType.parseMediaType(contentType == null ? "" : contentType);
            return MediaType.APPLICATION_JSON.equalsTypeAndSubtype(type)
                    && (type.getCharset() == null || StandardCharsets.UTF_8.equals(type.getCharset()));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
