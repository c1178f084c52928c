package dev.crr.actuate;

import java.io.IOException;

/** Makes copies of this database for new instances to begin from. */
@FunctionalInterface
public interface SnapshotSource {

    /**
     * Copies this database as of one moment, without what stays local.
     *
     * @return the copy; the caller closes it
     * @throws IOException if there is no room for it, or no place to put it
     * @throws org.springframework.dao.DataAccessException if the database fails
     */
    SnapshotFile take() throws IOException;
}
