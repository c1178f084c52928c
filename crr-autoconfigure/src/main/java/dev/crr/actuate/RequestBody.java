package dev.crr.actuate;

import dev.crr.Changeset;
import dev.crr.wire.ChangesetCodec;
import dev.crr.wire.ChangesetTooLargeException;
import dev.crr.wire.SizeLimitedInputStream;
import dev.crr.wire.WireFormat;
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

/** Reads the body of a request that must be a changeset. */
final class RequestBody {

    private RequestBody() {}

    /**
     * Reads the body.
     *
     * @param codec what can be read
     * @param limits how much may be read, after decompression, and how long that may take
     * @return the changeset
     * @throws ChangesetTooLargeException if it is larger
     * @throws RefusedRequestException if it is of a type or encoding that is not understood, or takes too long
     */
    static Changeset read(HttpServletRequest request, ChangesetCodec codec, ChangesLimits limits) throws IOException {
        WireFormat format = format(request.getContentType());
        if (format == null || !codec.speaks(format)) {
            throw RefusedRequestException.unsupported("the body must be application/json in UTF-8"
                    + (codec.speaks(WireFormat.CBOR) ? ", or application/cbor" : ""));
        }
        long maxSize = limits.maxBodySize();
        return codec.read(new SizeLimitedInputStream(decoded(request, limits), maxSize), format);
    }

    /** Whether a failure to read lies in the compressed form, and not in the connection. */
    static boolean isMalformed(IOException failure) {
        return failure instanceof ZipException || failure.getClass() == EOFException.class;
    }

    private static InputStream decoded(HttpServletRequest request, ChangesLimits limits) throws IOException {
        long maxSize = limits.maxBodySize();
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        String normalised = encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
        InputStream body = new TimeLimitedInputStream(request.getInputStream(), limits.maxBodyTime());
        return switch (normalised) {
            case "identity" -> {
                if (request.getContentLengthLong() > maxSize) {
                    // Without waiting for what is not going to be read.
                    throw new ChangesetTooLargeException("the body is larger than " + maxSize + " bytes");
                }
                yield body;
            }
            case "gzip", "x-gzip" -> new GZIPInputStream(body, 8192);
            default -> throw RefusedRequestException.unsupported("the only content encoding understood is gzip");
        };
    }

    private static @Nullable WireFormat format(@Nullable String contentType) {
        try {
            MediaType type = MediaType.parseMediaType(contentType == null ? "" : contentType);
            if (MediaType.APPLICATION_CBOR.equalsTypeAndSubtype(type)) {
                return WireFormat.CBOR;
            }
            return MediaType.APPLICATION_JSON.equalsTypeAndSubtype(type)
                            && (type.getCharset() == null || StandardCharsets.UTF_8.equals(type.getCharset()))
                    ? WireFormat.JSON
                    : null;
        } catch (InvalidMediaTypeException e) {
            return null;
        }
    }
}
