package dev.crr.demo.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A database with the real cr-sqlite in it: a Node process, spoken to line by line. */
final class CrSqlitePeer implements Replica, AutoCloseable {

    private final String name;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    CrSqlitePeer(String name) throws IOException {
        this.name = name;
        process = new ProcessBuilder(
                        "node",
                        NodePackage.INSTALLED.resolve("crsqlite-peer.mjs").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = new OutputStreamWriter(process.getOutputStream(), UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void write(String sql) {
        call("run", sql);
    }

    @Override
    public List<List<String>> rows(String table) {
        return call("query", "SELECT * FROM " + table + " ORDER BY id")
                .valueStream()
                .map(row -> row.valueStream().map(CrSqlitePeer::shown).toList())
                .toList();
    }

    @Override
    public Set<Clock> clocks() {
        return call("changes", "").valueStream().map(Clock::of).collect(Collectors.toSet());
    }

    /** Receives from an instance, and tells how many changes came. */
    int pullFrom(DemoProcess instance) {
        return call("pull", endpoint(instance)).asInt();
    }

    /** Sends to an instance, and tells how many changes went. */
    int pushTo(DemoProcess instance) {
        return call("push", endpoint(instance)).asInt();
    }

    /** The largest number any of its changes has. */
    long version() {
        return call("query", "SELECT max(db_version) FROM crsql_changes")
                .at("/0/0/int")
                .asLong();
    }

    /** Forgets how far this peer and any instance have come, so that the next exchange is one of everything. */
    void forgetCursors() {
        write("DELETE FROM bridge_cursor");
    }

    @Override
    public void close() {
        process.destroy();
    }

    private static String endpoint(DemoProcess instance) {
        return "http://127.0.0.1:" + instance.port() + "/actuator/crr";
    }

    private JsonNode call(String command, String argument) {
        try {
            commands.write(DemoProcess.JSON.writeValueAsString(Map.of(command, argument)) + "\n");
            commands.flush();
            String line = answers.readLine();
            assertThat(line).as("%s answers", name).isNotNull();
            JsonNode answer = DemoProcess.JSON.readTree(line);
            assertThat(answer.path("error").asString(""))
                    .as("%s: %s %s", name, command, argument)
                    .isEmpty();
            return answer.get("result");
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + command + " " + argument, e);
        }
    }

    private static String shown(JsonNode value) {
        if (value.has("blob")) {
            return "blob " + HexFormat.of().formatHex(value.get("blob").binaryValue());
        }
        if (value.has("real")) {
            return "real " + Double.parseDouble(value.get("real").asString());
        }
        if (value.has("int")) {
            return "int " + value.get("int").asString();
        }
        return value.isNull() ? "null" : "text " + value.asString();
    }
}
