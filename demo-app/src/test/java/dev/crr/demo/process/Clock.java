package dev.crr.demo.process;

import tools.jackson.databind.JsonNode;

/** What decides the next merge of one cell, or of one row record. */
record Clock(String table, String key, String column, long columnVersion, long causalLength) {

    static Clock of(JsonNode change) {
        return new Clock(
                change.get("table").asString(),
                change.get("pk").toString(),
                change.get("cid").asString(),
                change.get("colVersion").asLong(),
                change.get("cl").asLong());
    }
}
