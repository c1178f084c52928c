package dev.crr.actuate;

import dev.crr.CrrException;
import dev.crr.HorizonException;
import dev.crr.MalformedChangesetException;
import dev.crr.NewerFormatException;
import dev.crr.PeerRefusedException;
import dev.crr.QuarantineFullException;
import dev.crr.UnknownVersionException;
import dev.crr.sync.SharedSiteIdException;
import dev.crr.wire.ChangesetTooLargeException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;

/** Tells for each exception what to answer. */
final class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    static Problem of(RuntimeException failure) {
        if (failure instanceof RefusedRequestException refused) {
            Problem problem = new Problem(refused.status(), message(refused));
            return refused.parameter() == null ? problem : problem.with("parameter", refused.parameter());
        }
        if (failure instanceof MalformedChangesetException malformed) {
            Problem problem = new Problem(HttpStatus.BAD_REQUEST, message(malformed));
            return malformed.index() < 0 ? problem : problem.with("change", malformed.index());
        }
        if (failure instanceof ChangesetTooLargeException) {
            return new Problem(HttpStatus.CONTENT_TOO_LARGE, message(failure));
        }
        if (failure instanceof UnknownVersionException unknown) {
            return new Problem(HttpStatus.CONFLICT, message(unknown)).with("resume", unknown.resume());
        }
        if (failure instanceof SharedSiteIdException shared) {
            return new Problem(HttpStatus.CONFLICT, message(shared))
                    .with("clone", shared.other().toString());
        }
        if (failure instanceof PeerRefusedException) {
            return new Problem(HttpStatus.FORBIDDEN, message(failure));
        }
        if (failure instanceof HorizonException) {
            return new Problem(HttpStatus.CONFLICT, message(failure));
        }
        if (failure instanceof QuarantineFullException) {
            return new Problem(HttpStatus.INSUFFICIENT_STORAGE, message(failure));
        }
        if (failure instanceof NewerFormatException) {
            return new Problem(HttpStatus.SERVICE_UNAVAILABLE, message(failure));
        }
        if (isDatabaseFailure(failure)) {
            log.warn("The database failed while changes were exchanged", failure);
            return new Problem(HttpStatus.SERVICE_UNAVAILABLE, "the database is busy or not available; try again");
        }
        if (failure instanceof CrrException) {
            return new Problem(HttpStatus.BAD_REQUEST, message(failure));
        }
        log.error("Changes could not be exchanged", failure);
        return new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "an unexpected error, which was logged");
    }

    static boolean isDatabaseFailure(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException
                    || cause instanceof DataAccessException
                    || cause instanceof TransactionException) {
                return true;
            }
        }
        return false;
    }

    private static String message(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }
}
