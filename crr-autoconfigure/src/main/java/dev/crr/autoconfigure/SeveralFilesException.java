package dev.crr.autoconfigure;

import dev.crr.CrrException;
import java.util.Set;

/** The DataSource of the replicated tables leads to one database now and to another then. */
final class SeveralFilesException extends CrrException {

    private static final long serialVersionUID = 1L;

    SeveralFilesException(String message) {
        super(message);
    }

    /** Known at start. */
    static SeveralFilesException between(String unit, Set<String> databases) {
        return new SeveralFilesException(
                "The DataSource of \"" + unit + "\", which has @Crr entities, chooses between several"
                        + " databases: " + String.join(", ", databases)
                        + ". Changes are tracked and exchanged in one file only, so those in the others would be missing elsewhere.");
    }

    /** Known at start, of Hibernate's own way. */
    static SeveralFilesException ofTenants(String unit) {
        return new SeveralFilesException("Hibernate's multi-tenancy gives \"" + unit
                + "\", which has @Crr entities, connections to a database per tenant. Changes are tracked and exchanged in one"
                + " file only, so those of the other tenants would be missing elsewhere.");
    }

    /** Found out when it is used. */
    static SeveralFilesException now(String present, String usual) {
        return new SeveralFilesException(
                "The DataSource of the replicated tables leads to " + present + " here, and to "
                        + usual + " otherwise. Changes are tracked and exchanged in " + usual
                        + " only. Use ChangesetService where no other database is chosen, or give the @Crr entities a DataSource that"
                        + " leads to one file.");
    }
}
