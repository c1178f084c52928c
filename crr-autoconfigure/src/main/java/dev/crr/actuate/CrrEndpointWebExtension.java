package dev.crr.actuate;

import dev.crr.sync.NoSuchPeerException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

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
            return new WebEndpointResponse<>(
                    new NotFound(String.valueOf(e.getMessage())), WebEndpointResponse.STATUS_NOT_FOUND);
        }
    }

    /**
     * Why there is nothing.
     *
     * @param detail for people
     */
    record NotFound(String title, int status, String detail) implements OperationResponseBody {
        NotFound(String detail) {
            this("Not Found", WebEndpointResponse.STATUS_NOT_FOUND, detail);
        }
    }
}
