package dev.crr;

import java.security.Principal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer is, as far as is known. What we call is known by its configured name, what calls us by its principal.
 *
 * @param name its name under {@code crr.peers}, if we called it; null if it called us
 * @param principal who it authenticated as when it called us, with Spring Security an {@code Authentication} that knows the
 *     authorities; of a change that was set aside before, only the name is left. Null if nobody authenticated it
 * @param siteId the database it says it is, if it said so
 */
public record PeerIdentity(
        @Nullable String name,
        @Nullable Principal principal,
        @Nullable SiteId siteId) {

    /**
     * A peer that we called.
     *
     * @param name its name under {@code crr.peers}
     * @param siteId the database that answered
     * @return the identity
     */
    public static PeerIdentity called(String name, SiteId siteId) {
        return new PeerIdentity(name, null, siteId);
    }

    /**
     * A peer that called us.
     *
     * @param principal who it authenticated as, if it did
     * @param siteId the database it says it is, if it said so
     * @return the identity
     */
    public static PeerIdentity caller(@Nullable Principal principal, @Nullable SiteId siteId) {
        return new PeerIdentity(null, principal, siteId);
    }

    /**
     * The principal's name.
     *
     * @return the name, null if nobody authenticated the peer
     */
    public @Nullable String principalName() {
        return principal == null ? null : principal.getName();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PeerIdentity that
                && Objects.equals(name, that.name)
                && Objects.equals(principalName(), that.principalName())
                && Objects.equals(siteId, that.siteId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, principalName(), siteId);
    }

    /** Names only, since a principal may hold credentials. */
    @Override
    public String toString() {
        if (name != null) {
            return "peer \"" + name + "\"";
        }
        String known = principalName();
        return known == null ? "an unauthenticated caller" : "caller \"" + known + "\"";
    }
}
