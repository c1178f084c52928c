package dev.crr.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells peers how things stand, in the words of the {@link CrrEndpoint}. Written here, since the application may wrap what its
 * handlers return into an envelope, or spell names differently, and no peer would understand that. Thread-safe.
 */
final class StatusHandler {

    /** As Spring Boot's for endpoints. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion -> inclusion
                    .withValueInclusion(JsonInclude.Include.NON_NULL)
                    .withContentInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private final CrrEndpointWebExtension endpoint;

    StatusHandler(CrrEndpointWebExtension endpoint) {
        this.endpoint = endpoint;
    }

    void read(HttpServletRequest request, HttpServletResponse response) throws IOException {
        WebEndpointResponse<OperationResponseBody> status;
        try {
            status = endpoint.status(
                    asker(request), request.getParameter("peer"), Boolean.valueOf(request.getParameter("detail")));
        } catch (InvalidEndpointRequestException e) {
            new Problem(HttpStatus.BAD_REQUEST, String.valueOf(e.getReason())).write(response);
            return;
        } catch (RuntimeException e) {
            Problems.of(e).write(response);
            return;
        }
        byte[] body = MAPPER.writeValueAsBytes(status.getBody());
        response.setStatus(status.getStatus());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.getOutputStream().write(body);
    }

    private static SecurityContext asker(HttpServletRequest request) {
        return new SecurityContext() {
            @Override
            public @Nullable Principal getPrincipal() {
                return request.getUserPrincipal();
            }

            @Override
            public boolean isUserInRole(String role) {
                return request.isUserInRole(role);
            }
        };
    }
}
