package dev.crr.sync;

import dev.crr.Epoch;
import dev.crr.SiteId;
import dev.crr.SqlNames;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a peer tells of itself.
 *
 * @param siteId its database
 * @param epoch its present epoch
 * @param version the last version it gave out
 * @param rules the name of the rules under which we read there, if there are any
 * @param tables the tables it replicates
 * @param unreadable those of them that it does not let us read
 * @param unwritable those of them that it does not let us write
 * @param clones copies of databases that it knows of: by their new site ids, those they had
 */
record PeerStatus(
        SiteId siteId,
        Epoch epoch,
        long version,
        @Nullable String rules,
        Set<String> tables,
        Set<String> unreadable,
        Set<String> unwritable,
        Map<SiteId, SiteId> clones) {

    private static final int MAX_CLONES = 1000;

    PeerStatus {
        tables = names(tables);
        unreadable = names(unreadable);
        unwritable = names(unwritable);
        clones = Map.copyOf(clones);
    }

    /** A set that has each name in any case. */
    private static Set<String> names(Set<String> names) {
        Set<String> copy = new TreeSet<>(SqlNames.ORDER);
        copy.addAll(names);
        return Collections.unmodifiableSet(copy);
    }

    boolean readable(String table) {
        return !unreadable.contains(table);
    }

    boolean writable(String table) {
        return !unwritable.contains(table);
    }

    /**
     * @throws PeerException if the answer is not a status
     * @throws IOException if it breaks off
     */
    static PeerStatus read(InputStream in) throws IOException {
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(in);
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            throw new PeerException(Fault.NOT_A_PEER, "its status is not JSON", e);
        }
        JsonNode tables = json.path("tables");
        JsonNode version = json.path("version");
        if (!tables.isObject() || !version.isIntegralNumber() || !version.canConvertToLong()) {
            throw notAStatus(null);
        }
        try {
            return new PeerStatus(
                    SiteId.parse(json.path("siteId").asString("")),
                    Epoch.parse(json.path("epoch").asString("")),
                    version.asLong(),
                    rules(json.path("rules")),
                    Set.copyOf(tables.propertyNames()),
                    denied(tables, "readable"),
                    denied(tables, "writable"),
                    clones(json.path("clones")));
        } catch (IllegalArgumentException e) {
            throw notAStatus(e);
        }
    }

    private static Map<SiteId, SiteId> clones(JsonNode json) {
        Map<SiteId, SiteId> clones = new HashMap<>();
        for (Map.Entry<String, JsonNode> clone : json.properties()) {
            if (clones.size() < MAX_CLONES) {
                clones.put(
                        SiteId.parse(clone.getKey()),
                        SiteId.parse(clone.getValue().asString("")));
            }
        }
        return clones;
    }

    private static @Nullable String rules(JsonNode rules) {
        if (rules.isMissingNode() || rules.isNull()) {
            return null;
        }
        String name = rules.asString("");
        if (!name.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("rules must be 32 lower-case hexadecimal digits");
        }
        return name;
    }

    private static Set<String> denied(JsonNode tables, String right) {
        return tables.properties().stream()
                .filter(table -> !table.getValue().path(right).asBoolean(true))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static PeerException notAStatus(@Nullable Throwable cause) {
        return new PeerException(
                Fault.NOT_A_PEER,
                "its answer lacks the siteId, epoch, version or tables of a crr endpoint: does its URL end in /actuator/crr, and"
                        + " does nothing over there wrap its answers into something else?",
                cause);
    }
}
