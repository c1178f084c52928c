package dev.crr.actuate;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Locale;
import org.springframework.http.HttpHeaders;

/** What a client says it can decompress. */
final class AcceptEncoding {

    private AcceptEncoding() {}

    static boolean allowsGzip(HttpServletRequest request) {
        for (String header : Collections.list(request.getHeaders(HttpHeaders.ACCEPT_ENCODING))) {
            for (String coding : header.toLowerCase(Locale.ROOT).split(",", -1)) {
                String[] parts = coding.split(";", 2);
                if (parts[0].strip().equals("gzip")) {
                    return parts.length == 1 || !parts[1].strip().matches("q\\s*=\\s*0(\\.0*)?");
                }
            }
        }
        return false;
    }
}
