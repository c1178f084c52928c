package dev.crr.sync;

import dev.crr.Epoch;
import dev.crr.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Cursors for tests of what goes on around them. */
public final class InMemoryCursorStore implements CursorStore {

    private final Map<String, Cursor> received = new ConcurrentHashMap<>();
    private final Map<String, Long> sent = new ConcurrentHashMap<>();
    private final Map<String, Long> owed = new ConcurrentHashMap<>();
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();

    @Override
    public Cursor received(SiteId peer, @Nullable String scope) {
        return received.getOrDefault(key(peer, scope), Cursor.START);
    }

    public void moveReceived(SiteId peer, @Nullable String scope, Cursor cursor) {
        received.put(key(peer, scope), cursor);
    }

    @Override
    public void rewindReceived(SiteId peer, @Nullable String scope, long version, @Nullable Epoch epoch) {
        received.put(key(peer, scope), new Cursor(version, epoch));
        owed.merge(key(peer, scope), sent(peer, scope), Math::min);
    }

    @Override
    public @Nullable Long owed(SiteId peer, @Nullable String scope) {
        return owed.get(key(peer, scope));
    }

    @Override
    public void owe(SiteId peer, @Nullable String scope, long version) {
        sent.put(key(peer, scope), version);
        owed.merge(key(peer, scope), version, Math::min);
    }

    @Override
    public void settle(SiteId peer, @Nullable String scope) {
        owed.remove(key(peer, scope));
    }

    @Override
    public long sent(SiteId peer, @Nullable String scope) {
        return sent.getOrDefault(key(peer, scope), 0L);
    }

    @Override
    public void recordSent(SiteId peer, @Nullable String scope, long version) {
        sent.put(key(peer, scope), version);
    }

    @Override
    public void acknowledgeSent(SiteId peer, @Nullable String scope, long version) {
        acknowledged.add(key(peer, scope) + "@" + version);
        sent.merge(key(peer, scope), version, Math::max);
    }

    public List<String> acknowledged() {
        return new ArrayList<>(acknowledged);
    }

    private static String key(SiteId peer, @Nullable String scope) {
        return peer + "/" + scope;
    }
}
