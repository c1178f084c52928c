package dev.crr.demo.live;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.MergedKeys;
import dev.crr.Value;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells what became of each change of a changeset, by comparing it with what is here afterwards. For people: an edit that was made
 * here in between counts as here, and of a long changeset only the beginning is looked at.
 */
@Component
class Judge {

    private static final int MAX_ROWS = 100;

    private final PresentRows present;
    private final Sites sites;
    private final ToldChanges told = new ToldChanges();
    private final Clock clock = Clock.systemUTC();

    Judge(PresentRows present, Sites sites) {
        this.present = present;
        this.sites = sites;
    }

    /**
     * Judges the changes that were not judged before: the same change may come by several ways.
     *
     * @param changeset what was merged
     * @param changed the rows that it changed
     */
    List<IncomingRow> rows(Changeset changeset, Map<String, MergedKeys> changed) {
        Instant now = clock.instant();
        String from = sites.name(changeset.siteId());
        Map<Row, List<Change>> byRow = changeset.changes().stream()
                .filter(told::isNew)
                .collect(groupingBy(Row::of, LinkedHashMap::new, toList()));
        return byRow.entrySet().stream()
                .limit(MAX_ROWS)
                .map(each -> row(
                        now,
                        from,
                        each.getKey(),
                        each.getValue(),
                        changed.get(each.getKey().table())))
                .toList();
    }

    private IncomingRow row(Instant now, String from, Row row, List<Change> changes, @Nullable MergedKeys changed) {
        boolean touched = changed != null
                && (!changed.complete() || changed.ids(String.class).contains(row.id()));
        Map<String, @Nullable Object> here = present.find(row.table(), row.id());
        List<IncomingCell> cells =
                changes.stream().flatMap(change -> cell(change, here, touched)).toList();
        return new IncomingRow(
                now, from, row.table(), row.id(), here == null ? null : PresentRows.subject(here), cells);
    }

    private Stream<IncomingCell> cell(Change change, @Nullable Map<String, @Nullable Object> here, boolean touched) {
        String author = sites.name(change.siteId());
        if (change.isRow()) {
            boolean alive = (change.cl() & 1) == 1;
            return Stream.of(new IncomingCell(
                    change.cid(), alive, here != null, author, outcome(alive == (here != null), touched)));
        }
        Object value = plain(change.val());
        if (here == null) {
            return Stream.of(new IncomingCell(change.cid(), value, null, author, Outcome.LOST));
        }
        if (!here.containsKey(change.cid())) {
            return Stream.empty();
        }
        Object kept = here.get(change.cid());
        return Stream.of(new IncomingCell(change.cid(), value, kept, author, outcome(same(value, kept), touched)));
    }

    private static Outcome outcome(boolean inForce, boolean touched) {
        if (!inForce) {
            return Outcome.LOST;
        }
        return touched ? Outcome.WON : Outcome.SAME;
    }

    private static boolean same(@Nullable Object value, @Nullable Object kept) {
        if (value instanceof Number one && kept instanceof Number other) {
            return one.doubleValue() == other.doubleValue();
        }
        return Objects.equals(value, kept);
    }

    private static @Nullable Object plain(Value value) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        if (value instanceof Value.Real real) {
            return real.value();
        }
        if (value instanceof Value.Int integer) {
            return integer.value();
        }
        return value instanceof Value.Null ? null : value.toString();
    }

    private record Row(String table, String id) {

        /** All tables here have one key column, a text. */
        static Row of(Change change) {
            return new Row(change.table(), Objects.toString(plain(change.key().get(0))));
        }
    }
}
