package dev.crr.engine;

import dev.crr.ChangeQuery;
import dev.crr.SiteId;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose changes a query is for, in terms of this database's ordinals. */
final class AuthorFilter {

    private final @Nullable Integer excluded;
    private final @Nullable Set<Integer> wanted;

    AuthorFilter(ChangeQuery query, Sites sites) throws SQLException {
        this.excluded = query.exclude() == null ? null : sites.known(query.exclude());
        this.wanted = query.sites().isEmpty() ? null : ordinals(query.sites(), sites);
    }

    boolean accepts(int site) {
        return (excluded == null || excluded != site) && (wanted == null || wanted.contains(site));
    }

    private static Set<Integer> ordinals(Set<SiteId> authors, Sites sites) throws SQLException {
        Set<Integer> ordinals = new HashSet<>();
        for (SiteId author : authors) {
            Integer ordinal = sites.known(author);
            if (ordinal != null) {
                ordinals.add(ordinal);
            }
        }
        return ordinals;
    }
}
