package dev.crr;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which changes to read. Start from {@link #ALL} or {@link #since(long)} and narrow it down.
 *
 * @param since only changes after this version; 0 for all
 * @param epoch the epoch in which {@code since} was given out; if given, it is checked
 * @param exclude leave out what this site wrote
 * @param sites only what these sites wrote; empty for all
 * @param tables only these tables; empty for all
 * @param limit about how many changes at most, at least 1: the changeset ends after the row that reaches it; 0 for the
 *     service's own limit
 */
public record ChangeQuery(
        long since, @Nullable Epoch epoch, @Nullable SiteId exclude, Set<SiteId> sites, Set<String> tables, int limit) {

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
        return new ChangeQuery(version, epoch, exclude, sites, tables, limit);
    }

    /**
     * This query without the changes one site wrote, usually the asker.
     *
     * @param site the site, or null for none
     * @return the query
     */
    public ChangeQuery excluding(@Nullable SiteId site) {
        return new ChangeQuery(since, epoch, site, sites, tables, limit);
    }

    /**
     * This query for some tables only.
     *
     * @param names the tables, empty for all
     * @return the query
     */
    public ChangeQuery onTables(Collection<String> names) {
        return new ChangeQuery(since, epoch, exclude, sites, Set.copyOf(names), limit);
    }

    /**
     * This query for what some sites wrote only.
     *
     * @param authors the sites, empty for all
     * @return the query
     */
    public ChangeQuery bySites(Collection<SiteId> authors) {
        return new ChangeQuery(since, epoch, exclude, Set.copyOf(authors), tables, limit);
    }

    /**
     * This query in pieces of at most about so many changes.
     *
     * @param changes how many, 0 for the service's own limit
     * @return the query
     */
    public ChangeQuery limitedTo(int changes) {
        return new ChangeQuery(since, epoch, exclude, sites, tables, changes);
    }

    /**
     * Names the narrowing to tables and authors. Cursors are kept per scope, because a version reached in one scope says
     * nothing about another.
     *
     * @return 32 hexadecimal digits that depend on {@code tables} and {@code sites} only, or null if both are empty
     */
    public @Nullable String scope() {
        if (tables.isEmpty() && sites.isEmpty()) {
            return null;
        }
        MessageDigest digest = sha256();
        for (String table : new TreeSet<>(tables)) {
            update(digest, 't', table);
        }
        SortedSet<SiteId> authors = new TreeSet<>(sites);
        for (SiteId author : authors) {
            update(digest, 's', author.toString());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, Hex128.BYTES);
    }

    private static void update(MessageDigest digest, char kind, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        digest.update((kind + Integer.toString(bytes.length) + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
