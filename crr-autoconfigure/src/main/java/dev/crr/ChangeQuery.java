package dev.crr;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which changes to read. Start from {@link #ALL} or {@link #since(long)} and narrow it down.
 *
 * @param since only changes after this version; 0 for all
 * @param epoch the epoch in which {@code since} was given out; if given, it is checked
 * @param exclude leave out what this site wrote
 * @param sites only what these sites wrote; empty for all
 * @param tables only these tables, in any case of ASCII letters; empty for all
 * @param limit about how many changes at most, at least 1: the changeset ends after the row that reaches it; 0 for the
 *     service's own limit
 * @param rules the name of the rules for reading that the asker knows of, if there are any; part of the scope, and checked if given
 */
public record ChangeQuery(
        long since,
        @Nullable Epoch epoch,
        @Nullable SiteId exclude,
        Set<SiteId> sites,
        Set<String> tables,
        int limit,
        @Nullable String rules) {

    /** Everything. */
    public static final ChangeQuery ALL = new ChangeQuery(0, null, null, Set.of(), Set.of(), 0);

    public ChangeQuery {
        if (since < 0 || limit < 0) {
            throw new IllegalArgumentException("since and limit must not be negative");
        }
        sites = Set.copyOf(sites);
        tables = Set.copyOf(tables);
    }

    /**
     * A query that knows of no rules.
     *
     * @param since only changes after this version; 0 for all
     * @param epoch the epoch in which {@code since} was given out; if given, it is checked
     * @param exclude leave out what this site wrote
     * @param sites only what these sites wrote; empty for all
     * @param tables only these tables; empty for all
     * @param limit about how many changes at most; 0 for the service's own limit
     */
    public ChangeQuery(
            long since,
            @Nullable Epoch epoch,
            @Nullable SiteId exclude,
            Set<SiteId> sites,
            Set<String> tables,
            int limit) {
        this(since, epoch, exclude, sites, tables, limit, null);
    }

    /**
     * Everything after a version.
     *
     * @param version the version, 0 or more
     * @return the query
     */
    public static ChangeQuery since(long version) {
        return ALL.after(version, null);
    }

    /**
     * This query, from another version on.
     *
     * @param version the version, 0 or more
     * @param epoch the epoch in which it was given out, if known
     * @return the query
     */
    public ChangeQuery after(long version, @Nullable Epoch epoch) {
        return new ChangeQuery(version, epoch, exclude, sites, tables, limit, rules);
    }

    /**
     * This query without the changes one site wrote, usually the asker.
     *
     * @param site the site, or null for none
     * @return the query
     */
    public ChangeQuery excluding(@Nullable SiteId site) {
        return new ChangeQuery(since, epoch, site, sites, tables, limit, rules);
    }

    /**
     * This query for some tables only.
     *
     * @param names the tables, empty for all
     * @return the query
     */
    public ChangeQuery onTables(Collection<String> names) {
        return new ChangeQuery(since, epoch, exclude, sites, Set.copyOf(names), limit, rules);
    }

    /**
     * This query for what some sites wrote only.
     *
     * @param authors the sites, empty for all
     * @return the query
     */
    public ChangeQuery bySites(Collection<SiteId> authors) {
        return new ChangeQuery(since, epoch, exclude, Set.copyOf(authors), tables, limit, rules);
    }

    /**
     * This query in pieces of at most about so many changes.
     *
     * @param changes how many, 0 for the service's own limit
     * @return the query
     */
    public ChangeQuery limitedTo(int changes) {
        return new ChangeQuery(since, epoch, exclude, sites, tables, changes, rules);
    }

    /**
     * This query under rules that narrow it down further.
     *
     * @param name the name of the rules, null for none
     * @return the query
     */
    public ChangeQuery under(@Nullable String name) {
        return new ChangeQuery(since, epoch, exclude, sites, tables, limit, name);
    }

    /**
     * Names the narrowing to tables and authors, and by rules. Cursors are kept per scope, because a version reached in one scope says
     * nothing about another.
     *
     * @return 32 hexadecimal digits that depend on {@code tables} in any spelling, {@code sites} and {@code rules} only, or null if
     *     there are none
     */
    public @Nullable String scope() {
        if (tables.isEmpty() && sites.isEmpty() && rules == null) {
            return null;
        }
        ScopeHash hash = new ScopeHash();
        Set<String> names = new TreeSet<>();
        tables.forEach(table -> names.add(SqlNames.fold(table)));
        names.forEach(table -> hash.add('t', table));
        new TreeSet<>(sites).forEach(author -> hash.add('s', author.toString()));
        return rules == null ? hash.toString() : hash.add('r', rules).toString();
    }
}
