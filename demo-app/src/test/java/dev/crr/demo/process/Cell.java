package dev.crr.demo.process;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** One change as an instance hands it out, without the numbers that mean something to that instance only. */
record Cell(String table, String key, String column, String value, long columnVersion, long causalLength, String site) {

    /** Reads all changes of an instance, piece by piece. */
    static Set<Cell> allOf(DemoProcess instance) {
        Set<Cell> cells = new HashSet<>();
        long since = 0;
        while (true) {
            JsonNode changeset = instance.get("/actuator/crr/changes?since=" + since);
            changeset.get("changes").forEach(change -> cells.add(of(change)));
            if (!changeset.path("more").asBoolean(false)) {
                return cells;
            }
            since = changeset.get("version").asLong();
        }
    }

    private static Cell of(JsonNode change) {
        return new Cell(
                change.get("table").asString(),
                change.get("pk").toString(),
                change.get("cid").asString(),
                change.get("val").toString(),
                change.get("colVersion").asLong(),
                change.get("cl").asLong(),
                change.get("siteId").asString());
    }
}
