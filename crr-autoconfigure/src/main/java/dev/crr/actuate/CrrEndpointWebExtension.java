package dev.crr.actuate;

import dev.crr.ChangesetService;
import dev.crr.PeerIdentity;
import dev.crr.PeerRefusedException;
import dev.crr.SiteId;
import dev.crr.sync.NoSuchPeerException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.http.HttpStatus;

/** Gives the {@link CrrEndpoint} the status codes of the web. Thread-safe. */
@EndpointWebExtension(endpoint = CrrEndpoint.class)
public class CrrEndpointWebExtension {

    private static final int FORBIDDEN = 403;

    private final CrrEndpoint endpoint;
    private final ChangesetService service;

    /**
     * @param endpoint what to extend
     * @param service tells what applies to whoever asks
     */
    public CrrEndpointWebExtension(CrrEndpoint endpoint, ChangesetService service) {
        this.endpoint = endpoint;
        this.service = service;
    }

    /**
     * Tells how things stand, as far as it concerns whoever asks.
     *
     * @param asker who asks
     * @param peer which database asks, if it says so
     * @param detail whether to count rows, at a cost that grows with the tables
     * @return the status, or 403 if the policy does not admit the asker
     */
    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> status(
            SecurityContext asker, @Nullable String peer, @Nullable Boolean detail) {
        try {
            return new WebEndpointResponse<>(
                    endpoint.status(detail, service.rules(PeerIdentity.caller(asker.getPrincipal(), site(peer)))));
        } catch (PeerRefusedException e) {
            return new WebEndpointResponse<>(
                    new Refusal("Forbidden", FORBIDDEN, String.valueOf(e.getMessage())), FORBIDDEN);
        }
    }

    private static @Nullable SiteId site(@Nullable String peer) {
        try {
            return peer == null ? null : SiteId.parse(peer);
        } catch (IllegalArgumentException e) {
            String message = "the parameter \"peer\" must be 32 lower-case hexadecimal digits";
            throw new InvalidEndpointRequestException(message, message);
        }
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
     * @return what has become of it, or status 404 if there is no such part or peer, 409 if that cannot be done now
     */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> act(@Selector String part, @Nullable String peer) {
        try {
            OperationResponseBody body = endpoint.actOn(part, peer);
            return body == null
                    ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                    : new WebEndpointResponse<>(body);
        } catch (NoSuchPeerException e) {
            return refusal(HttpStatus.NOT_FOUND, e);
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
