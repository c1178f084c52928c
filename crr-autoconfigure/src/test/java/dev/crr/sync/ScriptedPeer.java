package dev.crr.sync;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import dev.crr.Value;
import dev.crr.wire.ChangesetCodec;
import dev.crr.wire.MergeReportJson;
import dev.crr.wire.NumberStyle;
import dev.crr.wire.Receipt;
import dev.crr.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Another instance, or something that only looks like one, on a real port. */
final class ScriptedPeer implements AutoCloseable {

    static final SiteId SITE = SiteId.parse("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    static final Epoch EPOCH = Epoch.parse("bebebebebebebebebebebebebebebebe");
    static final ChangesetCodec CODEC = new ChangesetCodec(10_000);

    /** Queries of GET changes. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** What is taken in; answers are JSON whatever is accepted. */
    volatile Set<WireFormat> spoken = EnumSet.allOf(WireFormat.class);

    final List<Changeset> pushed = new CopyOnWriteArrayList<>();
    final List<HttpExchange> exchanges = new CopyOnWriteArrayList<>();

    volatile HttpHandler status = exchange -> json(exchange, 200, status(SITE, EPOCH, 0, "deck"));
    volatile HttpHandler changes = exchange -> changeset(exchange, 0, 0, false, 0);
    volatile HttpHandler push = exchange -> report(exchange, lastPushed().version());

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    ScriptedPeer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/actuator/crr", this::dispatch);
        server.setExecutor(threads);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/actuator/crr");
    }

    Peer peer() {
        return new Peer("b", url());
    }

    Changeset lastPushed() {
        return pushed.get(pushed.size() - 1);
    }

    /** The value of a parameter of the last GET changes. */
    static List<String> parameter(String query, String name) {
        List<String> values = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                values.add(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    static String status(SiteId site, Epoch epoch, long version, String... tables) {
        StringBuilder json = new StringBuilder();
        for (String table : tables) {
            json.append(json.isEmpty() ? "" : ",")
                    .append('"')
                    .append(table)
                    .append("\":{\"key\":[\"id\"],\"columns\":[]}");
        }
        return "{\"siteId\":\"" + site + "\",\"epoch\":\"" + epoch + "\",\"version\":" + version + ",\"tables\":{"
                + json + "},\"quarantined\":0,\"peers\":[]}";
    }

    static void json(HttpExchange exchange, int status, String body) throws IOException {
        answer(exchange, status, status < 400 ? "application/json" : "application/problem+json", body);
    }

    static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Answers with as many changes as told, at the cursor asked for. */
    static void changeset(HttpExchange exchange, long since, long version, boolean more, int count) throws IOException {
        changeset(exchange, new Changeset(SITE, EPOCH, since, version, null, null, more, changes(count)));
    }

    static void changeset(HttpExchange exchange, Changeset changeset) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        CODEC.write(changeset, body, WireFormat.JSON, NumberStyle.PLAIN);
        json(exchange, 200, body.toString(StandardCharsets.UTF_8));
    }

    static void report(HttpExchange exchange, long received) throws IOException {
        report(exchange, received, null);
    }

    static void report(HttpExchange exchange, long received, @Nullable Epoch epoch) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        MergeReportJson.write(new Receipt(new MergeReport(SITE, EPOCH, received, epoch, 0, 0, 0, 0), null), body);
        json(exchange, 200, body.toString(StandardCharsets.UTF_8));
    }

    static List<Change> changes(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> new Change("deck", List.of(Value.of(i)), "name", Value.of("n" + i), 1, i + 1L, SITE, 1, 1))
                .toList();
    }

    private void dispatch(HttpExchange exchange) throws IOException {
        exchanges.add(exchange);
        if (exchange.getRequestURI().getPath().equals("/actuator/crr")) {
            status.handle(exchange);
        } else if (exchange.getRequestMethod().equals("GET")) {
            asked.add(exchange.getRequestURI().getRawQuery());
            changes.handle(exchange);
        } else {
            WireFormat format =
                    "application/cbor".equals(exchange.getRequestHeaders().getFirst("Content-Type"))
                            ? WireFormat.CBOR
                            : WireFormat.JSON;
            if (!spoken.contains(format)) {
                json(exchange, 415, "{}");
                return;
            }
            try (InputStream body = new GZIPInputStream(exchange.getRequestBody())) {
                pushed.add(CODEC.read(body, format));
            }
            push.handle(exchange);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
