package dev.crr.autoconfigure;

import dev.crr.CrrException;
import java.util.List;

/** More than one database has replicated tables, and nothing tells which is the one to exchange. */
final class SeveralReplicasException extends CrrException {

    private static final long serialVersionUID = 1L;

    SeveralReplicasException(List<String> units) {
        super("The @Crr entities are in several databases, those of the EntityManagerFactories "
                + String.join(", ", units) + ". An application exchanges the changes of one.");
    }
}
