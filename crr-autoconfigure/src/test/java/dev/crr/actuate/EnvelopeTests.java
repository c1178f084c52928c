package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import dev.crr.sync.SyncLoop;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import tools.jackson.databind.JsonNode;

/** Peers understand each other whatever an application does to its own answers. */
@Timeout(300)
class EnvelopeTests {

    private static final String SITE = "00112233445566778899aabbccddeeff";

    @TempDir
    Path folder;

    private final List<Instance> instances = new CopyOnWriteArrayList<>();

    private Instance instance(String name) {
        Instance instance = new Instance(folder.resolve(name));
        instances.add(instance);
        return instance;
    }

    @AfterEach
    void stop() {
        instances.forEach(Instance::close);
    }

    @RestControllerAdvice
    static class Envelope implements ResponseBodyAdvice<Object> {

        @Override
        public boolean supports(MethodParameter type, Class<? extends HttpMessageConverter<?>> converter) {
            return true;
        }

        @Override
        public @Nullable Object beforeBodyWrite(
                @Nullable Object body,
                MethodParameter type,
                MediaType contentType,
                Class<? extends HttpMessageConverter<?>> converter,
                ServerHttpRequest request,
                ServerHttpResponse response) {
            return Map.of("code", 0, "data", body == null ? "" : body);
        }

        @ExceptionHandler
        Map<String, Object> failed(Exception failure) {
            return Map.of("code", 1);
        }
    }

    private static void assertExchange(Instance called, Instance caller) {
        called.write("theirs");
        caller.write("ours");
        assertThat(caller.service().version()).isEqualTo(1);
        caller.bean(SyncLoop.class)
                .syncNow(null)
                .forEach(outcome -> assertThat(outcome.error()).isNull());
        assertThat(called.texts()).containsExactly("ours", "theirs");
        assertThat(caller.texts()).containsExactly("ours", "theirs");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersAreWrapped(boolean onAPortOfItsOwn) {
        Instance called = instance("called").withBeans(Envelope.class);
        if (onAPortOfItsOwn) {
            called.with("server.port=0", "management.server.port=" + called.port());
        }
        called.start(Note.class);
        assertExchange(
                called,
                instance("caller").withBeans(Envelope.class).withPeer(called).start(Note.class));
    }

    @Test
    void namesAreSpelledDifferently() {
        Instance called = instance("called")
                .with(
                        "management.endpoints.jackson.isolated-json-mapper=false",
                        "spring.jackson.property-naming-strategy=SNAKE_CASE",
                        "spring.jackson.default-property-inclusion=ALWAYS")
                .start(Note.class);
        assertExchange(called, instance("caller").withPeer(called).start(Note.class));
    }

    @Test
    void tellsPeersWhatItTellsPeople() {
        Instance called = instance("called")
                .with("spring.mvc.problemdetails.enabled=true")
                .start(Note.class);
        HttpResponse<String> answer = called.get("?peer=" + SITE + "&detail=true", "Accept", "application/json");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode people = Instance.json(called.get("?detail=true"));
        assertThat(Instance.json(answer)).isEqualTo(people);
        assertThat(people.path("tables").path("note").path("rows").asInt(-1)).isZero();

        assertThat(called.get("?peer=nobody").statusCode()).isEqualTo(400);
        assertThat(called.post("?peer=" + SITE, "{}").statusCode()).isNotEqualTo(405);
        assertThat(called.send("DELETE", "?peer=" + SITE, null).statusCode()).isEqualTo(405);
    }
}
