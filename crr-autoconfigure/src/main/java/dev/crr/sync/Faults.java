package dev.crr.sync;

import dev.crr.HorizonException;
import dev.crr.PeerRefusedException;
import dev.crr.QuarantineFullException;
import dev.crr.wire.ChangesetTooLargeException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Tells for each exception what kind of fault it is. */
final class Faults {

    private Faults() {}

    static Fault of(Throwable failure) {
        if (failure instanceof PeerException peer) {
            return peer.fault();
        }
        if (failure instanceof IdentityChangedException) {
            return Fault.CLONE;
        }
        if (failure instanceof ChangesetTooLargeException) {
            return Fault.TOO_LARGE;
        }
        if (failure instanceof PeerRefusedException) {
            return Fault.REFUSED;
        }
        if (failure instanceof QuarantineFullException) {
            return Fault.QUARANTINE_FULL;
        }
        if (failure instanceof HorizonException) {
            return Fault.REFUSED;
        }
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return Fault.DATABASE;
            }
        }
        return Fault.OTHER;
    }

    /** What an answer with this status, and no better explanation, tells. */
    static Fault ofStatus(int status) {
        return switch (status) {
            case 401, 403, 405, 409 -> Fault.REFUSED;
            case 408, 429, 502, 503, 504 -> Fault.AWAY;
            case 507 -> Fault.QUARANTINE_FULL;
            default -> status == 404 || status / 100 == 3 ? Fault.NOT_A_PEER : Fault.OTHER;
        };
    }
}
