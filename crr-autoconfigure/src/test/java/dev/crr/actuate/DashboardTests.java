package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard, the alert rules and the tables for operators speak of what there is. */
@Timeout(300)
class DashboardTests {

    private static final Path DOCS = Path.of("../docs");
    private static final Pattern METRIC = Pattern.compile("\\bcrr_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("(crr_[a-z_]+)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("([a-z]+)(=~|!=|=)\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("by \\(([a-z, ]*)\\)");

    @TempDir
    static Path directory;

    private static Instance a;
    private static Instance b;
    private static String scrape;

    @BeforeAll
    static void exchangeSomething() {
        a = Operator.watched(new Instance(directory.resolve("a"))).start(Note.class);
        b = Operator.watched(new Instance(directory.resolve("b"))).withPeer(a).start(Note.class);
        a.write("one");
        b.write("two");
        b.syncWell();
        scrape = new Operator(b).scrape();
    }

    @AfterAll
    static void stop() {
        b.close();
        a.close();
    }

    @Test
    void theDashboardUsesWhatThereIs() throws IOException {
        JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(DOCS.resolve("grafana-crr.json")));
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            panel.path("targets")
                    .forEach(target -> expressions.add(target.path("expr").asString()));
        }
        assertThat(expressions).hasSizeGreaterThan(10).doesNotContain("");
        assertThat(expressions).allSatisfy(DashboardTests::usesWhatThereIs);
        JsonNode instances = dashboard.path("templating").path("list").path(1).path("query");
        usesWhatThereIs(instances.asString());
    }

    @Test
    void theAlertRulesUseWhatThereIs() throws IOException {
        List<String> expressions = Files.readAllLines(DOCS.resolve("prometheus-alerts.yml")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("expr: "))
                .toList();
        assertThat(expressions).hasSizeGreaterThan(4).allSatisfy(DashboardTests::usesWhatThereIs);
    }

    @Test
    void everyAlarmAlertsSomebody() throws IOException {
        String rules = Files.readString(DOCS.resolve("prometheus-alerts.yml"));
        assertThat(rules).contains("crr_quarantined_changes > 0"); // for quarantine-not-empty
        assertThat(AlarmKind.values())
                .filteredOn(kind -> kind != AlarmKind.QUARANTINE_NOT_EMPTY)
                .allSatisfy(kind -> assertThat(rules).containsPattern("[\"|]" + kind.code() + "[\"|]"));
    }

    @Test
    void everyAlarmIsExplainedAndNoOther() throws IOException {
        assertThat(matches(operations(), Pattern.compile("(?m)^### `([a-z-]+)`$"), 1))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(AlarmKind.values()).map(AlarmKind::code).toList());
    }

    @Test
    void everyMetricIsListedAndNoOther() throws IOException {
        Set<String> listed = new TreeSet<>();
        for (String name : matches(operations(), Pattern.compile("(?m)^\\| `(crr_[a-z_]+)` \\|"), 1)) {
            listed.addAll(isTimer(name) ? Set.of(name + "_count", name + "_sum", name + "_max") : Set.of(name));
        }
        Set<String> there = scrape.lines()
                .filter(line -> line.startsWith("crr_"))
                .map(line -> line.replaceFirst("[{ ].*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed).isEqualTo(there);
    }

    private static boolean isTimer(String name) {
        return scrape.contains("\n" + name + "_count{");
    }

    private static String operations() throws IOException {
        return Files.readString(DOCS.resolve("operations.md"));
    }

    /** Metrics, their labels, and the values of those that we define. */
    private static void usesWhatThereIs(String expression) {
        Set<String> metrics = matches(expression, METRIC, 0);
        assertThat(metrics).isNotEmpty();
        Set<String> labels = new HashSet<>(Set.of("instance")); // which Prometheus adds
        for (String metric : metrics) {
            assertThat(series(metric)).as(metric).isNotEmpty();
            series(metric).forEach(line -> labels.addAll(matches(line, MATCHER, 1)));
        }
        for (String grouping : matches(expression, GROUPING, 1)) {
            assertThat(labels).contains(grouping.split(", "));
        }
        SELECTOR.matcher(expression).results().forEach(selector -> selects(selector.group(1), selector.group(2)));
    }

    private static void selects(String metric, String matchers) {
        MATCHER.matcher(matchers)
                .results()
                .filter(matcher -> !matcher.group(1).equals("instance"))
                .forEach(matcher -> {
                    Set<String> values = series(metric).stream()
                            .flatMap(line -> MATCHER.matcher(line).results())
                            .filter(label -> label.group(1).equals(matcher.group(1)))
                            .map(label -> label.group(3))
                            .collect(Collectors.toSet());
                    assertThat(values)
                            .as(matcher.group())
                            .contains(matcher.group(3).split("\\|"));
                });
    }

    private static List<String> series(String metric) {
        return scrape.lines()
                .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
                .toList();
    }

    private static Set<String> matches(String text, Pattern pattern, int group) {
        Stream<MatchResult> results = pattern.matcher(text).results();
        return results.map(result -> result.group(group)).collect(Collectors.toCollection(TreeSet::new));
    }
}
