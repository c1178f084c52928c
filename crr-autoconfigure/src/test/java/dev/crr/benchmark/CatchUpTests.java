package dev.crr.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.sync.CuttingProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A new instance fetches everything from another over HTTP, both in processes of little memory. {@code -Dcrr.rows=1000000
 * -Dcrr.heap=128m} for the figures of docs/performance.md, which it prints; {@code -Dcrr.catch-up=json} fetches JSON,
 * {@code writing} has a local writer beside.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CatchUpTests {

    private static final int ROWS = Integer.getInteger("crr.rows", 30_000);
    private static final String HEAP = System.getProperty("crr.heap", "72m");
    private static final String MODE = System.getProperty("crr.catch-up", "quiet");
    private static final String ALL = "SELECT count(*), min(id), max(id), sum(d), sum(f * g), sum(length(a || b || c))"
            + " FROM shared_item WHERE a <> 'local'";

    @TempDir
    Path folder;

    @Test
    void fitsIntoLittleMemory() throws Exception {
        Path from = folder.resolve("from.db");
        Path to = folder.resolve("to.db");
        Process server = start(from, String.valueOf(ROWS));
        try (BufferedReader output = server.inputReader();
                CuttingProxy proxy = new CuttingProxy(Integer.parseInt(after(output, "SERVING ")))) {
            Process client = start(to, "http://127.0.0.1:" + proxy.port() + "/actuator/crr", MODE);
            try (BufferedReader told = client.inputReader()) {
                String seconds = after(told, "FETCHED ");
                String waits = after(told, "WAITS ");
                String clientHeap = after(told, "HEAP ");
                assertThat(client.waitFor()).isZero();
                server.getOutputStream().close();
                System.out.printf(
                        "%d rows (%s): %s s, %d KB on the wire, peak heap %s MB there and %s MB here; local writes: %s%n",
                        ROWS, MODE, seconds, proxy.answered() >> 10, after(output, "HEAP "), clientHeap, waits);
            } finally {
                client.destroyForcibly();
            }
            assertThat(all(to)).isEqualTo(all(from)).startsWith(ROWS + "|");
        } finally {
            server.destroyForcibly();
        }
    }

    private static Process start(Path file, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                CatchUpNode.class.getName(),
                file.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String after(BufferedReader output, String prefix) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(prefix)) {
                return line.substring(prefix.length());
            }
            all.append(line).append('\n');
        }
        throw new AssertionError("the process ended: " + all);
    }

    private static String all(Path file) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ALL)) {
            StringBuilder text = new StringBuilder();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                text.append(row.getString(i)).append('|');
            }
            return text.toString();
        }
    }
}
