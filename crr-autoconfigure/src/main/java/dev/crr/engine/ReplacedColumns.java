package dev.crr.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds columns that were dropped and added again under their name in one go. Nothing but their place in the table tells: ALTER
 * TABLE adds at the end. Where even that is the place they had, what they held before does.
 */
final class ReplacedColumns {

    private static final Logger log = LoggerFactory.getLogger(ReplacedColumns.class);

    private ReplacedColumns() {}

    /**
     * Lets those columns of a table that stood aside go dormant, so that they are taken up as columns that return.
     *
     * @param migration the state before the migration that is just over, if it was kept
     * @return their ordinals
     */
    static Set<Integer> drop(Connection connection, TableShape shape, @Nullable BeforeMigration migration)
            throws SQLException {
        Set<Integer> replaced = find(connection, shape, migration);
        for (int ordinal : replaced) {
            log.info(
                    "Table {} has lost a column and got one of the same name: it is asked for at the peers.",
                    shape.name());
            Catalogue.drop(connection, shape.name(), ordinal);
        }
        return replaced;
    }

    private static Set<Integer> find(Connection connection, TableShape shape, @Nullable BeforeMigration migration)
            throws SQLException {
        List<Integer> before = RenamedColumns.fileOrder(connection, shape);
        Map<String, Integer> ordinals = Catalogue.ordinals(connection, shape.name());
        List<TableShape.ShapeColumn> kept = new ArrayList<>();
        Set<Integer> replaced = new HashSet<>();
        boolean appended = before.isEmpty();
        int last = -1;
        for (TableShape.ShapeColumn column : before.isEmpty() ? List.<TableShape.ShapeColumn>of() : shape.others()) {
            Integer ordinal = ordinals.get(column.name());
            int place = ordinal == null ? -1 : before.indexOf(ordinal);
            if (ordinal == null || place >= 0) {
                // After one that is new or out of order all are new.
                appended |= ordinal == null || place < last;
                last = Math.max(last, place);
                if (ordinal != null && appended) {
                    replaced.add(ordinal);
                } else if (ordinal != null) {
                    kept.add(column);
                }
            }
        }
        for (int i = kept.size() - 1; i >= 0 && migration != null; i--) {
            int ordinal = Objects.requireNonNull(ordinals.get(kept.get(i).name()));
            if (!migration.isReset(shape, kept.get(i), ordinal)) {
                break;
            }
            replaced.add(ordinal);
        }
        return replaced;
    }
}
