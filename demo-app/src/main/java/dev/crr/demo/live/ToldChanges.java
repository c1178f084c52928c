package dev.crr.demo.live;

import dev.crr.Change;
import dev.crr.SiteId;
import dev.crr.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers the changes of late by what is the same whoever passes them on. Not thread-safe. */
final class ToldChanges {

    private static final int REMEMBERED = 5000;

    private final Map<Identity, Boolean> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Identity, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Whether this is the first time that a change is asked about. */
    boolean isNew(Change change) {
        return told.put(Identity.of(change), true) == null;
    }

    private record Identity(
            String table, List<Value> key, String cid, Value val, long colVersion, long cl, SiteId author) {

        static Identity of(Change change) {
            return new Identity(
                    change.table(),
                    change.key(),
                    change.cid(),
                    change.val(),
                    change.colVersion(),
                    change.cl(),
                    change.siteId());
        }
    }
}
