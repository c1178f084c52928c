package dev.crr.demo.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One instance of the demo: a database file, and a process that runs on it whenever the test wants one. */
final class DemoProcess {

    static final JsonMapper JSON = JsonMapper.shared();

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(1);
    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String name;
    private final Path database;
    private final Path log;
    private final List<String> arguments =
            new ArrayList<>(List.of("--server.port=0", "--crr.sync.interval=200ms", "--spring.main.banner-mode=off"));
    private final List<String> jvmOptions = new ArrayList<>(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    private final Map<String, String> credentials = new LinkedHashMap<>();
    private int peers;
    private volatile int port;
    private @Nullable Process process;

    DemoProcess(String name, Path database, Path log) {
        this.name = name;
        this.database = database;
        this.log = log;
        arguments.add("--spring.datasource.url=jdbc:sqlite:" + database);
    }

    /** Adds an argument for the next start. */
    DemoProcess with(String argument) {
        arguments.add(argument);
        return this;
    }

    /** Adds an option of the JVM for the next start. */
    DemoProcess withJvmOption(String option) {
        jvmOptions.add(option);
        return this;
    }

    /** Calls paths that begin so as somebody from now on. */
    DemoProcess callAs(String user, String password, String pathPrefix) {
        String pair = user + ":" + password;
        credentials.put(pathPrefix, "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
        return this;
    }

    /** Adds a peer for the next start. */
    void addPeer(String peerName, int peerPort) {
        String prefix = "--crr.peers[" + peers++ + "].";
        arguments.add(prefix + "name=" + peerName);
        arguments.add(prefix + "url=http://127.0.0.1:" + peerPort + "/actuator/crr");
    }

    String name() {
        return name;
    }

    Path database() {
        return database;
    }

    Path log() {
        return log;
    }

    /** Where it listens, 0 while it does not run. */
    int port() {
        return port;
    }

    /** Starts the process and waits until it answers. */
    DemoProcess start() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(arguments);
        try {
            long logged = Files.exists(log) ? Files.size(log) : 0;
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process = started;
            await(name + " listens").atMost(START_TIMEOUT).until(() -> listens(started, logged));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await(name + " is healthy")
                .atMost(START_TIMEOUT)
                .ignoreExceptions()
                .until(() -> get("/actuator/health").get("status").asString().equals("UP"));
        return this;
    }

    /** Asks the process to end, as an operator does, and waits for it. */
    void stop() {
        end(false);
    }

    /** Ends the process at once, as {@code kill -9} does. */
    void kill() {
        end(true);
    }

    JsonNode get(String path) {
        return send("GET", path, null);
    }

    JsonNode post(String path, @Nullable Object body) {
        return send("POST", path, body);
    }

    JsonNode patch(String path, Object body) {
        return send("PATCH", path, body);
    }

    JsonNode put(String path, Object body) {
        return send("PUT", path, body);
    }

    void delete(String path) {
        send("DELETE", path, null);
    }

    private JsonNode send(String method, String path, @Nullable Object body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(CALL_TIMEOUT)
                .header("Accept", "application/json")
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        credentials.forEach((prefix, basic) -> {
            if (path.startsWith(prefix)) {
                request.header("Authorization", basic);
            }
        });
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            assertThat(response.statusCode())
                    .as(() -> name + ": " + method + " " + path + " answered " + new String(response.body(), UTF_8))
                    .isBetween(200, 299);
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean listens(Process started, long logged) throws IOException {
        assertThat(started.isAlive()).as("%s runs; its log is %s", name, log).isTrue();
        byte[] all = Files.readAllBytes(log);
        String text = new String(all, (int) logged, all.length - (int) logged, UTF_8);
        port = STARTED.matcher(text)
                .results()
                .map(DemoProcess::portIn)
                .findFirst()
                .orElse(0);
        return port != 0;
    }

    private static int portIn(MatchResult line) {
        return Integer.parseInt(line.group(1));
    }

    private void end(boolean forcibly) {
        Process running = process;
        if (running == null) {
            return;
        }
        if (forcibly) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        port = 0;
        await(name + " has ended").atMost(START_TIMEOUT).until(() -> !running.isAlive());
        process = null;
    }

    private static Path jar() {
        File jar = new File(System.getProperty("demo.jar", "target/demo-app-0.1.0-SNAPSHOT.jar"));
        assertThat(jar).as("the packaged demo: run ./mvnw package first").isFile();
        return jar.toPath();
    }
}
