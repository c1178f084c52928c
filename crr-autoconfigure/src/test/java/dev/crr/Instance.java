package dev.crr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole application with nothing replaced: the starter's auto-configurations, a web server, a SQLite file, entities. */
public final class Instance implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path file;
    private final ReservedPort port = new ReservedPort();
    private final List<String> properties = new ArrayList<>();
    private final List<ApplicationContextInitializer<GenericApplicationContext>> beans = new ArrayList<>();
    private final List<Class<?>> configurations = new ArrayList<>(List.of(Application.class));

    private @Nullable ConfigurableApplicationContext context;

    /** Everything comes from auto-configuration, as in an application of a user's. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    public Instance(Path file) {
        this.file = file;
        with(
                "spring.datasource.url=jdbc:sqlite:" + file,
                "spring.jpa.hibernate.ddl-auto=update",
                "spring.flyway.enabled=false",
                "spring.liquibase.enabled=false",
                "spring.main.banner-mode=off",
                "server.port=" + port(),
                "management.endpoints.web.exposure.include=crr",
                // Rounds happen when a test asks for them.
                "crr.sync.interval=1h",
                "crr.sync.live=false");
    }

    /** Later values of a property win. */
    public Instance with(String... more) {
        properties.addAll(List.of(more));
        return this;
    }

    /** Beans of the application's own. */
    public Instance withBeans(Class<?>... more) {
        configurations.addAll(List.of(more));
        return this;
    }

    /** With Spring Security, which other instances do without. */
    public Instance secured(Class<?>... recipe) {
        return with("spring.autoconfigure.exclude=").withBeans(recipe);
    }

    public Instance withPeer(Instance peer, String... settings) {
        String prefix = "crr.peers[" + peers() + "].";
        with(prefix + "name=" + peer.name(), prefix + "url=" + peer.uri(""));
        return with(Arrays.stream(settings).map(prefix::concat).toArray(String[]::new));
    }

    /** A bean of the user's own. */
    public <T> Instance withBean(Class<T> type, Supplier<T> bean) {
        beans.add(fresh -> fresh.registerBean(type, bean));
        return this;
    }

    private long peers() {
        return properties.stream()
                .filter(property -> property.matches("crr\\.peers\\[\\d+]\\.url=.*"))
                .count();
    }

    public String name() {
        return String.valueOf(file.getFileName());
    }

    public Path file() {
        return file;
    }

    public Instance start(Class<?>... entities) {
        // As arguments, because properties of the builder are defaults only.
        context = new SpringApplicationBuilder(configurations.toArray(Class<?>[]::new))
                .web(WebApplicationType.SERVLET)
                .initializers((GenericApplicationContext fresh) -> fresh.registerBean(
                        PersistenceManagedTypes.class,
                        () -> PersistenceManagedTypes.of(
                                Arrays.stream(entities).map(Class::getName).toArray(String[]::new))))
                .initializers(beans.toArray(ApplicationContextInitializer<?>[]::new))
                .run(latest());
        return this;
    }

    private String[] latest() {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < properties.size(); i++) {
            String name = properties.get(i).substring(0, properties.get(i).indexOf('=') + 1);
            boolean overridden =
                    properties.subList(i + 1, properties.size()).stream().anyMatch(later -> later.startsWith(name));
            if (!overridden) {
                arguments.add("--" + properties.get(i));
            }
        }
        return arguments.toArray(String[]::new);
    }

    @Override
    public void close() {
        if (context != null) {
            context.close();
        }
    }

    public <T> T bean(Class<T> type) {
        return context().getBean(type);
    }

    public ConfigurableApplicationContext context() {
        return Objects.requireNonNull(context);
    }

    public JdbcTemplate jdbc() {
        return bean(JdbcTemplate.class);
    }

    /** Runs a statement on the file of an application that is not running, as another tool would. */
    public void jdbcOnFile(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public ChangesetService service() {
        return bean(ChangesetService.class);
    }

    public UUID write(String text) {
        UUID id = UUID.randomUUID();
        jdbc().update("INSERT INTO note (id, text) VALUES (?, ?)", id.toString(), text);
        return id;
    }

    public List<String> texts() {
        return jdbc().queryForList("SELECT text FROM note ORDER BY text", String.class);
    }

    /** Below the endpoint. */
    public URI uri(String path) {
        boolean tls = properties.stream().anyMatch(property -> property.startsWith("server.ssl.bundle="));
        return URI.create((tls ? "https" : "http") + "://localhost:" + port() + "/actuator/crr" + path);
    }

    public int port() {
        return port.number();
    }

    /** Synchronises with all peers over the endpoint. */
    public JsonNode sync() {
        HttpResponse<String> response = post("", "{}");
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + ": " + response.body());
        }
        return json(response).path("peers");
    }

    /** Synchronises with all peers, which must work. */
    public void syncWell() {
        for (JsonNode outcome : sync()) {
            if (!outcome.path("success").asBoolean()) {
                throw new AssertionError(outcome.toString());
            }
        }
    }

    public JsonNode status() {
        return json(get(""));
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public HttpResponse<String> post(String path, String body) {
        return send("POST", path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    public HttpResponse<String> send(String method, String path, byte @Nullable [] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        return send(
                headers.length == 0 ? request.build() : request.headers(headers).build());
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    /** All rows of the tables that replicate, to compare instances by. */
    public List<Map<String, Object>> rows(String table) {
        return jdbc().queryForList("SELECT * FROM " + table + " ORDER BY 1");
    }
}
