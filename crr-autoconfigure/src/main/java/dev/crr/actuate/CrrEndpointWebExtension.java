package dev.crr.actuate;

import dev.crr.ChangesetService;
import dev.crr.PeerIdentity;
import dev.crr.PeerRefusedException;
import dev.crr.PeerRules;
import dev.crr.SiteId;
import dev.crr.sync.NoSuchPeerException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.http.HttpStatus;

/** Gives the {@link CrrEndpoint} the status codes of the web. Thread-safe. */
@EndpointWebExtension(endpoint = CrrEndpoint.class)
public class CrrEndpointWebExtension {

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
        SiteId site = site(peer);
        return answer(() -> endpoint.status(detail, rules(asker, site)));
    }

    private @Nullable PeerRules rules(SecurityContext asker, @Nullable SiteId site) {
        return service.rules(PeerIdentity.caller(asker.getPrincipal(), site));
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
        return answer(() -> endpoint.syncWith(peer));
    }

    /**
     * Lists something; of quarantined changes those that the asker may read.
     *
     * @param asker who asks
     * @param part as in {@link CrrEndpoint#list(String, Integer)}
     * @param limit how many quarantined changes to look at; null for 100
     * @return the changes with their reasons, or the clean-ups; or status 404 if there is no such part
     */
    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> quarantine(
            SecurityContext asker, @Selector String part, @Nullable Integer limit) {
        return answer(() -> endpoint.list(part, limit, rules(asker, null)));
    }

    /**
     * Does something by name.
     *
     * @param asker who asks
     * @param part as in {@link CrrEndpoint#act}
     * @param peer whom to pause or resume; null for everybody
     * @param members the group, for a clean-up
     * @param dryRun whether only to tell what a clean-up would do
     * @return what has become of it, or status 400 if a parameter is wrong, 404 if there is no such part or peer, 409 if that
     *     cannot be done now
     */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> act(
            SecurityContext asker,
            @Selector String part,
            @Nullable String peer,
            @Nullable List<String> members,
            @Nullable Boolean dryRun) {
        return answer(() -> endpoint.actOn(part, peer, members, dryRun, rules(asker, null)));
    }

    /**
     * Gives quarantined changes up.
     *
     * @param asker who asks
     * @param part as in {@link CrrEndpoint#clear}
     * @param table of which table; null for all
     * @return what is left of what the asker may read, or status 404 if there is no such part
     */
    @DeleteOperation
    public WebEndpointResponse<OperationResponseBody> clear(
            SecurityContext asker, @Selector String part, @Nullable String table) {
        return answer(() -> endpoint.clear(part, table, rules(asker, null)));
    }

    private static WebEndpointResponse<OperationResponseBody> answer(
            Supplier<? extends @Nullable OperationResponseBody> action) {
        try {
            OperationResponseBody body = action.get();
            return body == null
                    ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                    : new WebEndpointResponse<>(body);
        } catch (NoSuchPeerException e) {
            return refusal(HttpStatus.NOT_FOUND, e);
        } catch (PeerRefusedException e) {
            return refusal(HttpStatus.FORBIDDEN, e);
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
