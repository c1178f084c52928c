package dev.crr.actuate;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer that tells what went wrong, as RFC 9457 has it. Written by a mapper of our own, since the application's may be
 * configured to spell names differently.
 */
final class Problem {

    private final HttpStatus status;
    private final Map<String, Object> members = new LinkedHashMap<>();

    Problem(HttpStatus status, String detail) {
        this.status = status;
        members.put("title", status.getReasonPhrase());
        members.put("status", status.value());
        members.put("detail", detail);
    }

    Problem with(String name, Object value) {
        members.put(name, value);
        return this;
    }

    void write(HttpServletResponse response) throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setHeader("Cache-Control", "no-store");
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            response.setHeader("Retry-After", "1");
        }
        response.getOutputStream().write(JsonMapper.shared().writeValueAsBytes(members));
    }
}
