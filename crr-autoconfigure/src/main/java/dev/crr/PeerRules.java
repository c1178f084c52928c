package dev.crr;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the {@link ChangePolicy} says of one peer, asked once per table. For one exchange; not thread-safe. */
public final class PeerRules {

    private final ChangePolicy policy;
    private final PeerIdentity peer;
    private final Map<String, TableAccess> reading = new HashMap<>();
    private final Map<String, TableAccess> writing = new HashMap<>();

    /** The tables as they are spelled here: the policy hears no other spelling of them. */
    private final SortedMap<String, String> tables = new TreeMap<>(SqlNames.ORDER);

    private final @Nullable String name;

    private PeerRules(ChangePolicy policy, PeerIdentity peer, Collection<String> tables) {
        this.policy = policy;
        this.peer = peer;
        tables.forEach(table -> this.tables.put(table, table));
        this.name = nameOf(tables);
    }

    /**
     * Asks the policy.
     *
     * @param policy whom to ask
     * @param peer about whom
     * @param tables all tables that replicate here
     * @return its answers
     * @throws PeerRefusedException if it does not admit the peer
     */
    public static PeerRules of(ChangePolicy policy, PeerIdentity peer, Collection<String> tables) {
        if (!policy.admits(peer)) {
            throw new PeerRefusedException(peer);
        }
        return new PeerRules(policy, peer, tables);
    }

    /**
     * Whom they are for.
     *
     * @return the peer
     */
    public PeerIdentity peer() {
        return peer;
    }

    /**
     * What the peer may read of a table.
     *
     * @param table the table, in any case
     * @return what
     */
    public TableAccess reading(String table) {
        return reading.computeIfAbsent(asHere(table), each -> policy.reading(peer, each));
    }

    /**
     * What the peer may write to a table.
     *
     * @param table the table, in any case
     * @return what
     */
    public TableAccess writing(String table) {
        return writing.computeIfAbsent(asHere(table), each -> policy.writing(peer, each));
    }

    /**
     * Names the rules for reading: part of the scope of all cursors for what is read under them.
     *
     * @return 32 hexadecimal digits, or null if the peer may read everything and the policy has no name for that
     */
    public @Nullable String name() {
        return name;
    }

    /**
     * The scope under which to keep how far a caller has come. It belongs to this caller alone, so that nobody can move the
     * cursors of others, nor those of peers that we call.
     *
     * @param scope the narrowing, null for none
     * @return the scope; the same one if we called the peer
     */
    public @Nullable String own(@Nullable String scope) {
        if (peer.name() != null) {
            return scope;
        }
        String principal = peer.principalName();
        ScopeHash hash = new ScopeHash().add('c', principal == null ? "" : principal);
        if (principal == null) {
            hash.add('a', "");
        }
        return scope == null ? hash.toString() : hash.add('n', scope).toString();
    }

    private String asHere(String table) {
        return tables.getOrDefault(table, table);
    }

    private @Nullable String nameOf(Collection<String> tables) {
        ScopeHash hash = new ScopeHash();
        boolean narrowed = false;
        for (String table : new TreeSet<>(Set.copyOf(tables))) {
            TableAccess access = reading(table);
            if (access.isPartial() || access == TableAccess.NONE) {
                hash.add(access.isPartial() ? 'p' : 'h', table);
                narrowed = true;
            }
        }
        String revision = policy.revision(peer);
        return narrowed || !revision.isEmpty() ? hash.add('v', revision).toString() : null;
    }
}
