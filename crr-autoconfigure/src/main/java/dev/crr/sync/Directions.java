package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.PeerRules;
import dev.crr.SqlNames;
import dev.crr.TableAccess;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which tables to exchange with a peer, each way: those that both sides have, may be read where they are, and written where they
 * go.
 *
 * @param pull what to ask for, null for nothing
 * @param push what to send, null for nothing
 */
record Directions(@Nullable ChangeQuery pull, @Nullable ChangeQuery push) {

    /**
     * Finds out.
     *
     * @param ours the tables that replicate here
     * @param rules what the peer may do here, null for everything
     * @param peer what the peer tells
     */
    static Directions between(Set<String> ours, @Nullable PeerRules rules, PeerStatus peer) {
        return new Directions(
                // As the peer spells them: an older one knows no other spelling.
                query(
                        peer.tables(),
                        ours,
                        table -> peer.readable(table) && (rules == null || rules.writing(table) != TableAccess.NONE),
                        peer.rules()),
                query(
                        ours,
                        peer.tables(),
                        table -> peer.writable(table) && (rules == null || rules.reading(table) != TableAccess.NONE),
                        rules == null ? null : rules.name()));
    }

    private static @Nullable ChangeQuery query(
            Set<String> from, Set<String> to, Predicate<String> allowed, @Nullable String rules) {
        Set<String> there = new TreeSet<>(SqlNames.ORDER);
        there.addAll(to);
        Set<String> tables = new TreeSet<>(SqlNames.ORDER);
        from.stream().filter(there::contains).filter(allowed).forEach(tables::add);
        if (tables.isEmpty()) {
            return null;
        }
        boolean all = tables.equals(from) && tables.equals(to);
        return (all ? ChangeQuery.ALL : ChangeQuery.ALL.onTables(tables)).under(rules);
    }
}
