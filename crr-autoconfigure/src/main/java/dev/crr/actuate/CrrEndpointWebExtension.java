package dev.crr.actuate;

import dev.crr.sync.NoSuchPeerException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.http.HttpStatus;

/** Gives the {@link CrrEndpoint} the status codes of the web. Thread-safe. */
@EndpointWebExtension(endpoint = CrrEndpoint.class)
public class CrrEndpointWebExtension {

    private final CrrEndpoint endpoint;

    /**
     * @param endpoint what to extend
     */
    public CrrEndpointWebExtension(CrrEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Exchanges changes now and waits until that is done.
     *
     * @param peer the name of one peer; null for all
     * @return the outcome per peer, or status 404 if there is no such peer
     */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> sync(@Nullable String peer) {
        try {
            return new WebEndpointResponse<>(endpoint.syncWith(peer));
        } catch (NoSuchPeerException e) {
            return refusal(HttpStatus.NOT_FOUND, e);
        }
    }

    /**
     * Does something by name.
     *
     * @param part as in {@link CrrEndpoint#act}
     * @param peer whom to pause or resume; null for everybody
     * @param members the group, for a clean-up
     * @param dryRun whether only to tell what a clean-up would do
     * @return what has become of it, or status 400 if a parameter is wrong, 404 if there is no such part or peer, 409 if that
     *     cannot be done now
     */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> act(
            @Selector String part, @Nullable String peer, @Nullable List<String> members, @Nullable Boolean dryRun) {
        try {
            OperationResponseBody body = endpoint.actOn(part, peer, members, dryRun);
            return body == null
                    ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                    : new WebEndpointResponse<>(body);
        } catch (NoSuchPeerException e) {
            return refusal(HttpStatus.NOT_FOUND, e);
        } catch (RefusedRequestException e) {
            return refusal(e.status(), e);
        } catch (IllegalStateException e) {
            return refusal(HttpStatus.CONFLICT, e);
        }
    }

    private static WebEndpointResponse<OperationResponseBody> refusal(HttpStatus status, RuntimeException reason) {
        return new WebEndpointResponse<>(
                new Refusal(status.getReasonPhrase(), status.value(), String.valueOf(reason.getMessage())),
                status.value());
    }

    /**
     * Why it was not done, as RFC 9457 has it.
     *
     * @param title the status in words
     * @param status the status
     * @param detail for people
     */
    record Refusal(String title, int status, String detail) implements OperationResponseBody {}
}
