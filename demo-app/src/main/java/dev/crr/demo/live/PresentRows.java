package dev.crr.demo.live;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The rows as they are now, each with what people know it by. */
@Repository
class PresentRows {

    private static final String SLIDE_AND_DECK = """
            s.id AS of_slide, d.id AS of_deck, d.name AS deck_name,
            (SELECT count(*) FROM slide o WHERE o.deck_id = s.deck_id AND (o.position, o.id) <= (s.position, s.id)) AS number
            """;

    private static final Map<String, String> QUERIES = Map.of(
            "deck",
            "SELECT d.*, d.id AS of_deck, d.name AS deck_name FROM deck d WHERE d.id = ?",
            "slide",
            "SELECT s.*, " + SLIDE_AND_DECK + "FROM slide s LEFT JOIN deck d ON d.id = s.deck_id WHERE s.id = ?",
            "component",
            "SELECT c.*, " + SLIDE_AND_DECK + "FROM component c LEFT JOIN slide s ON s.id = c.slide_id"
                    + " LEFT JOIN deck d ON d.id = s.deck_id WHERE c.id = ?");

    private final JdbcTemplate jdbc;

    PresentRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Finds a row by its key; null if it is not there. */
    @Nullable Map<String, @Nullable Object> find(String table, String id) {
        String query = QUERIES.get(table);
        List<Map<String, @Nullable Object>> rows = query == null ? List.of() : jdbc.queryForList(query, id);
        return rows.isEmpty() ? null : rows.get(0);
    }

    /** Tells what people know a row by. */
    static IncomingRow.Subject subject(Map<String, @Nullable Object> row) {
        return new IncomingRow.Subject(
                (String) row.get("of_deck"),
                (String) row.get("deck_name"),
                (String) row.get("of_slide"),
                row.get("number") instanceof Number number ? number.intValue() : null,
                (String) row.get("type"),
                (String) row.get("content"));
    }
}
