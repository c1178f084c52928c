package dev.crr.engine;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.CrrException;
import dev.crr.PeerRules;
import dev.crr.SiteId;
import dev.crr.SqlNames;
import dev.crr.TableAccess;
import dev.crr.UnknownVersionException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads changes in order of their versions, merging one scan per kind of record and table. */
final class ChangeReader {

    /** A piece ends after the row that reaches this, so that large values do not fill the memory. */
    private static final long MAX_BYTES = 16L << 20;

    private final Connection connection;
    private final ChangeQuery query;
    private final int limit;
    private final @Nullable PeerRules rules;

    /**
     * @param rules what the asker may read, null for everything
     */
    ChangeReader(Connection connection, ChangeQuery query, int limit, @Nullable PeerRules rules) {
        this.connection = connection;
        this.query = query;
        this.limit = limit;
        this.rules = rules;
    }

    /** Reads inside the caller's read transaction. */
    Changeset read(Map<String, CrrTable> catalogue) throws SQLException {
        long current = Queries.number(connection, "SELECT version FROM main.crr_state");
        checkRules();
        Epochs.check(connection, query.since(), query.epoch(), current);
        List<CrrTable> tables = tables(catalogue);
        SiteId exclude = exclude();
        try (Sites sites = Sites.of(connection)) {
            List<Change> changes = new ArrayList<>();
            long end = query.since() < current
                    ? collect(tables, sites, new AuthorFilter(query.excluding(exclude), sites), changes, current)
                    : current;
            return new Changeset(
                    sites.own(),
                    end < current ? Epochs.mark(connection, current) : Epochs.of(connection, end),
                    query.since(),
                    end,
                    exclude,
                    query.under(ruleName()).scope(),
                    end < current,
                    changes,
                    Horizons.behind(connection, query.since()),
                    query.since() == 0 ? null : query.epoch());
        }
    }

    /** Whose changes are left out: nobody's if that one may have lost them. */
    private @Nullable SiteId exclude() throws SQLException {
        SiteId exclude = query.exclude();
        return exclude == null || Relayed.mayBeLacking(connection, exclude, query.since()) ? null : exclude;
    }

    /** Under other rules than before a version tells nothing of what the asker has. */
    private void checkRules() {
        if (query.rules() != null && !Objects.equals(query.rules(), ruleName())) {
            throw new UnknownVersionException("the rules for what you may read have changed", 0);
        }
    }

    private @Nullable String ruleName() {
        return rules == null ? null : rules.name();
    }

    private TableAccess access(CrrTable table) {
        return rules == null ? TableAccess.ALL : rules.reading(table.name());
    }

    private long collect(List<CrrTable> tables, Sites sites, AuthorFilter authors, List<Change> changes, long current)
            throws SQLException {
        List<TableChanges> open = new ArrayList<>();
        try {
            PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparingLong(Head::version));
            for (News.Of news : News.after(query.since(), tables, connection)) {
                CrrTable table = news.table();
                TableAccess access = access(table);
                if (news.rows()) {
                    add(open, heads, access, new BornRows(connection, table, query.since(), sites, authors));
                }
                if (news.cells() && !table.columns().isEmpty()) {
                    add(open, heads, access, new EditedCells(connection, table, query.since(), sites, authors));
                }
            }
            return drain(heads, changes, current);
        } finally {
            for (TableChanges scan : open) {
                scan.close();
            }
        }
    }

    /** A scan, the version it stands at, and what the asker may see of its table. */
    private record Head(long version, TableChanges scan, TableAccess access) {

        List<Change> seen(RowChange change) {
            return access.isPartial()
                    ? change.changes().stream().filter(access::allows).toList()
                    : change.changes();
        }
    }

    private static void add(List<TableChanges> open, PriorityQueue<Head> heads, TableAccess access, TableChanges scan)
            throws SQLException {
        open.add(scan);
        enqueue(heads, access, scan);
    }

    private static void enqueue(PriorityQueue<Head> heads, TableAccess access, TableChanges scan) throws SQLException {
        long version = scan.version();
        if (version != Long.MAX_VALUE) {
            heads.add(new Head(version, scan, access));
        }
    }

    /** Returns the version up to which everything is in the list. */
    private long drain(PriorityQueue<Head> heads, List<Change> changes, long current) throws SQLException {
        long end = query.since();
        long bytes = 0;
        for (Head head = heads.poll(); head != null; head = heads.poll()) {
            // Only a further version may be left for the next piece: what shares a version belongs together.
            if ((changes.size() >= limit || bytes >= MAX_BYTES) && head.version() > end) {
                return end;
            }
            RowChange change = head.scan().advance();
            if (change != null) {
                List<Change> seen = head.seen(change);
                changes.addAll(seen);
                bytes += Sizes.of(seen);
            }
            end = head.version();
            enqueue(heads, head.access(), head.scan());
        }
        return current;
    }

    private List<CrrTable> tables(Map<String, CrrTable> catalogue) {
        List<CrrTable> readable = catalogue.values().stream()
                .filter(table -> access(table) != TableAccess.NONE)
                .toList();
        if (query.tables().isEmpty()) {
            return readable;
        }
        Set<String> names = new TreeSet<>(SqlNames.ORDER);
        readable.forEach(table -> names.add(table.name()));
        Set<String> wanted = new TreeSet<>(SqlNames.ORDER);
        wanted.addAll(query.tables());
        for (String name : wanted) {
            if (!names.contains(name)) {
                throw new CrrException("no replicated table is called \"" + name + "\"; there are " + names);
            }
        }
        return readable.stream().filter(table -> wanted.contains(table.name())).toList();
    }
}
