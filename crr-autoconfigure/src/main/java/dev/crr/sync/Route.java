package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.ChangesetService;
import dev.crr.PeerRules;
import dev.crr.SiteId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One way between this database and a peer.
 *
 * @param client speaks to the peer
 * @param service reads and merges ours
 * @param cursors how far each has come
 * @param peer its database
 * @param scope the tables
 * @param rules what the peer may read or write here, null for everything
 * @param batch how much at once
 * @param skipped is told of rows that are too large
 */
record Route(
        PeerClient client,
        ChangesetService service,
        CursorStore cursors,
        SiteId peer,
        ChangeQuery scope,
        @Nullable PeerRules rules,
        Batch batch,
        Consumer<String> skipped) {

    /** The name under which cursors are kept. */
    @Nullable String scopeName() {
        return scope.scope();
    }
}
