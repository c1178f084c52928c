package dev.crr.wire;

import dev.crr.Change;
import dev.crr.ChangesetBounds;
import dev.crr.SiteId;
import dev.crr.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Reads single changes, whatever the order of their members. */
final class ChangeReader {

    private final ChangesetInput in;
    private final ValueReader values;
    private @Nullable String lastTable;
    private @Nullable List<Value> lastKey;

    ChangeReader(ChangesetInput in) {
        this.in = in;
        this.values = new ValueReader(in);
    }

    Change read() {
        if (!in.at(JsonToken.START_OBJECT)) {
            throw in.expected("a change", "an object");
        }
        lastTable = null;
        lastKey = null;
        @Nullable String table = null;
        @Nullable List<Value> key = null;
        @Nullable String cid = null;
        @Nullable Value val = null;
        @Nullable Long colVersion = null;
        @Nullable Long dbVersion = null;
        @Nullable SiteId siteId = null;
        @Nullable Long cl = null;
        @Nullable Long seq = null;
        for (String name = in.nextMember(); name != null; name = in.nextMember()) {
            switch (name) {
                case "table" -> table = lastTable = in.name("\"table\"");
                case "pk" -> key = lastKey = readKey();
                case "cid" -> cid = in.name("\"cid\"");
                case "val" -> val = values.read("\"val\"");
                case "colVersion" -> colVersion = in.integer("\"colVersion\"");
                case "dbVersion" -> dbVersion = in.integer("\"dbVersion\"");
                case "siteId" -> siteId = in.siteId("\"siteId\"");
                case "cl" -> cl = in.integer("\"cl\"");
                case "seq" -> seq = in.integer("\"seq\"");
                default -> in.skip();
            }
        }
        return new Change(
                in.required(table, "\"table\""),
                in.required(key, "\"pk\""),
                in.required(cid, "\"cid\""),
                in.required(val, "\"val\""),
                in.required(colVersion, "\"colVersion\""),
                in.required(dbVersion, "\"dbVersion\""),
                in.required(siteId, "\"siteId\""),
                in.required(cl, "\"cl\""),
                in.required(seq, "\"seq\""));
    }

    /** Whether what was read last is not known to belong to another row than this change. */
    boolean mayBeIn(Change change) {
        return (lastTable == null || lastTable.equals(change.table()))
                && (lastKey == null || lastKey.equals(change.key()));
    }

    /** The row that was read last, as far as it is known, for people. */
    String row() {
        if (lastTable == null) {
            return "a row";
        }
        return new RowName(lastTable, lastKey == null ? List.of() : lastKey).toString();
    }

    private List<Value> readKey() {
        if (!in.at(JsonToken.START_ARRAY)) {
            throw in.expected("\"pk\"", "an array");
        }
        List<Value> key = new ArrayList<>(2);
        while (in.next() != JsonToken.END_ARRAY) {
            if (key.size() == ChangesetBounds.MAX_KEY_COLUMNS) {
                throw wrongKeySize();
            }
            key.add(values.read("a value of \"pk\""));
        }
        if (key.isEmpty()) {
            throw wrongKeySize();
        }
        return key;
    }

    private RuntimeException wrongKeySize() {
        return in.malformed("\"pk\" must have 1 to " + ChangesetBounds.MAX_KEY_COLUMNS + " values", null);
    }
}
