package dev.crr.autoconfigure;

import dev.crr.Epoch;
import dev.crr.SiteId;
import dev.crr.TrackedPeer;
import dev.crr.engine.CrrEngine;
import dev.crr.sync.Cursor;
import dev.crr.sync.CursorStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cursors in the database itself. Must not be written from inside a transaction: SQLite has one writer. */
final class SpringCursorStore implements CursorStore {

    private static final String TASK = "Move a cursor";

    private final CrrEngine engine;
    private final CrrDatabase database;

    SpringCursorStore(CrrEngine engine, CrrDatabase database) {
        this.engine = engine;
        this.database = database;
    }

    @Override
    public Cursor received(SiteId peer, @Nullable String scope) {
        return find(peer, scope)
                .map(cursor -> new Cursor(cursor.received(), cursor.receivedEpoch()))
                .orElse(Cursor.START);
    }

    @Override
    public void rewindReceived(SiteId peer, @Nullable String scope, long version, @Nullable Epoch epoch) {
        database.write(TASK, connection -> {
            engine.setReceived(connection, peer, scope, version, epoch);
            engine.owe(
                    connection,
                    peer,
                    scope,
                    engine.cursor(connection, peer, scope).sent());
        });
    }

    @Override
    public @Nullable Long owed(SiteId peer, @Nullable String scope) {
        return database.call("Read a cursor", connection -> Optional.ofNullable(engine.owed(connection, peer, scope)))
                .orElse(null);
    }

    @Override
    public void owe(SiteId peer, @Nullable String scope, Cursor sent) {
        database.write(TASK, connection -> {
            engine.setSent(connection, peer, scope, sent.version(), sent.epoch(), false);
            engine.owe(connection, peer, scope, sent.version());
        });
    }

    @Override
    public void settle(SiteId peer, @Nullable String scope) {
        database.write(TASK, connection -> engine.settle(connection, peer, scope));
    }

    @Override
    public Cursor sent(SiteId peer, @Nullable String scope) {
        return find(peer, scope)
                .map(cursor -> new Cursor(cursor.sent(), cursor.sentEpoch()))
                .orElse(Cursor.START);
    }

    @Override
    public long reached(Cursor cursor) {
        return database.call(
                "Read the epochs", connection -> engine.reached(connection, cursor.version(), cursor.epoch()));
    }

    @Override
    public void recordSent(SiteId peer, @Nullable String scope, Cursor sent) {
        setSent(peer, scope, sent, false);
    }

    @Override
    public void acknowledgeSent(SiteId peer, @Nullable String scope, Cursor sent) {
        // A peer that is up to date says so again and again, and need not wait for a writer each time.
        if (sent.version() > sent(peer, scope).version()) {
            setSent(peer, scope, sent, true);
        }
    }

    private void setSent(SiteId peer, @Nullable String scope, Cursor sent, boolean forwardOnly) {
        database.write(
                TASK, connection -> engine.setSent(connection, peer, scope, sent.version(), sent.epoch(), forwardOnly));
    }

    private Optional<TrackedPeer> find(SiteId peer, @Nullable String scope) {
        return database.call(
                "Read a cursor", connection -> Optional.ofNullable(engine.cursor(connection, peer, scope)));
    }
}
