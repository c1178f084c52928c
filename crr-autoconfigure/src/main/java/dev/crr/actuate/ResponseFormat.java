package dev.crr.actuate;

import dev.crr.wire.WireFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** Which format a client likes best. JSON unless it asks for another by name. */
final class ResponseFormat {

    private ResponseFormat() {}

    static WireFormat of(HttpServletRequest request) {
        List<MediaType> accepted;
        try {
            accepted = MediaType.parseMediaTypes(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
        } catch (InvalidMediaTypeException e) {
            return WireFormat.JSON;
        }
        double cbor = 0;
        double json = 0;
        for (MediaType type : accepted) {
            if (MediaType.APPLICATION_CBOR.equalsTypeAndSubtype(type)) {
                cbor = type.getQualityValue();
            } else if (type.includes(MediaType.APPLICATION_JSON)) {
                json = Math.max(json, type.getQualityValue());
            }
        }
        return cbor > json ? WireFormat.CBOR : WireFormat.JSON;
    }
}
