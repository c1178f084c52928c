package dev.crr.sync;

import dev.crr.Epoch;
import dev.crr.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Cursors for tests of what goes on around them. */
public final class InMemoryCursorStore implements CursorStore {

    private final Map<String, Cursor> received = new ConcurrentHashMap<>();
    private final Map<String, Cursor> sent = new ConcurrentHashMap<>();
    private final Map<String, Long> owed = new ConcurrentHashMap<>();
    /** How much of this database a cursor of somebody else stands for. */
    public volatile ToLongFunction<Cursor> reached = Cursor::version;

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
        owed.merge(key(peer, scope), sent(peer, scope).version(), Math::min);
    }

    @Override
    public @Nullable Long owed(SiteId peer, @Nullable String scope) {
        return owed.get(key(peer, scope));
    }

    @Override
    public void owe(SiteId peer, @Nullable String scope, Cursor to) {
        sent.put(key(peer, scope), to);
        owed.merge(key(peer, scope), to.version(), Math::min);
    }

    @Override
    public void settle(SiteId peer, @Nullable String scope) {
        owed.remove(key(peer, scope));
    }

    @Override
    public Cursor sent(SiteId peer, @Nullable String scope) {
        return sent.getOrDefault(key(peer, scope), Cursor.START);
    }

    @Override
    public long reached(Cursor cursor) {
        return reached.applyAsLong(cursor);
    }

    @Override
    public void recordSent(SiteId peer, @Nullable String scope, Cursor to) {
        sent.put(key(peer, scope), to);
    }

    @Override
    public void acknowledgeSent(SiteId peer, @Nullable String scope, Cursor to) {
        acknowledged.add(key(peer, scope) + "@" + to.version());
        sent.merge(key(peer, scope), to, (old, now) -> now.version() > old.version() ? now : old);
    }

    public List<String> acknowledged() {
        return new ArrayList<>(acknowledged);
    }

    private static String key(SiteId peer, @Nullable String scope) {
        return peer + "/" + scope;
    }
}
