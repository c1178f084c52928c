package dev.crr.demo.process;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.StatementCallback;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

/** The file of a running instance, written to from outside the instance. */
final class InstanceFile implements Replica {

    private final DemoProcess instance;
    private final JdbcTemplate jdbc;

    InstanceFile(DemoProcess instance) {
        this.instance = instance;
        jdbc = new JdbcTemplate(
                new DriverManagerDataSource("jdbc:sqlite:" + instance.database() + "?busy_timeout=20000"));
    }

    @Override
    public String name() {
        return instance.name();
    }

    @Override
    public void write(String sql) {
        // one call, hence one connection, for all statements
        jdbc.execute((StatementCallback<Integer>) statement -> statement.executeUpdate(sql));
    }

    @Override
    public List<List<String>> rows(String table) {
        return jdbc.query("SELECT * FROM " + table + " ORDER BY id", (row, number) -> {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                values.add(shown(row.getObject(i)));
            }
            return values;
        });
    }

    boolean has(String table, String key) {
        return !jdbc.queryForList("SELECT id FROM " + table + " WHERE id = ?", key)
                .isEmpty();
    }

    @Override
    public Set<Clock> clocks() {
        Set<Clock> clocks = new HashSet<>();
        long since = 0;
        while (true) {
            JsonNode changeset = instance.get("/actuator/crr/changes?numbers=tagged&since=" + since);
            changeset.get("changes").forEach(change -> clocks.add(Clock.of(change)));
            if (!changeset.path("more").asBoolean(false)) {
                return clocks;
            }
            since = changeset.get("version").asLong();
        }
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof byte[] blob) {
            return "blob " + HexFormat.of().formatHex(blob);
        }
        if (value instanceof Double real) {
            return "real " + real;
        }
        if (value instanceof Number integer) {
            return "int " + integer;
        }
        return value == null ? "null" : "text " + value;
    }
}
