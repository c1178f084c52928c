package dev.crr.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.FractionalIndex;
import dev.crr.Instance;
import dev.crr.MergeReport;
import dev.crr.ReplicatedTable;
import dev.crr.TrackedPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs docs/guide.md: its SQL as it stands there, with the outputs shown, and its Java, which is the Java of this package. */
class GuideTests {

    private static final Path GUIDE = Path.of("../docs/guide.md");
    private static final Path SOURCES = Path.of("src/test/java/dev/crr/guide");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    private record Block(String language, String text) {}

    private static List<Block> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(GUIDE))
                .results()
                .map((MatchResult match) -> new Block(match.group(1), match.group(2)))
                .toList();
    }

    @Test
    void theSqlDoesWhatTheGuideShows() throws Exception {
        try (Instance a = new Instance(directory.resolve("a.db")).start();
                Instance b = new Instance(directory.resolve("b.db")).start();
                Connection ofA = a.bean(DataSource.class).getConnection();
                Connection ofB = b.bean(DataSource.class).getConnection()) {
            Map<String, Connection> connections = new HashMap<>(Map.of("-- a.db", ofA, "-- b.db", ofB));
            List<String> printed = new ArrayList<>();
            int compared = 0;
            for (Block block : blocks()) {
                if (block.language().equals("sql")) {
                    assertThat(printed).as("what the guide does not show").isEmpty();
                    Connection connection = Objects.requireNonNull(
                            connections.get(block.text().lines().findFirst().orElse("")), block.text());
                    printed.addAll(run(connection, block.text()));
                } else if (block.language().equals("text")) {
                    assertThat(printed)
                            .containsExactlyElementsOf(block.text().lines().toList());
                    printed.clear();
                    compared++;
                }
            }
            assertThat(printed).isEmpty();
            assertThat(compared).isGreaterThan(8);
        }
    }

    /** What the statements select, a line per row, as the sqlite3 shell prints it. */
    private List<String> run(Connection connection, String block) throws SQLException {
        String script = block.lines().skip(1).reduce("", (all, line) -> all + line + "\n");
        List<String> printed = new ArrayList<>();
        for (String sql : script.split(";\n", -1)) {
            try (Statement statement = connection.createStatement()) {
                if (!sql.isBlank() && statement.execute(inDirectory(sql))) {
                    print(statement.getResultSet(), printed);
                }
            }
        }
        return printed;
    }

    private String inDirectory(String sql) {
        return sql.replace("ATTACH '", "ATTACH '" + directory + "/");
    }

    private static void print(ResultSet row, List<String> printed) throws SQLException {
        while (row.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                values.add(row.getString(i));
            }
            printed.add(String.join("|", values));
        }
    }

    @Test
    void theJavaDoesWhatTheGuideSays() {
        Class<?>[] entities = {Deck.class, Slide.class, Component.class, SelectedSlide.class};
        try (Instance a = new Instance(directory.resolve("a.db")).start(entities);
                Instance b = new Instance(directory.resolve("b.db")).start(entities)) {
            Person hers = Person.of(a);
            Person his = Person.of(b);

            List<String> shared = hers.changesets().tables().stream()
                    .map(ReplicatedTable::name)
                    .toList();
            assertThat(shared).containsExactly("component", "deck", "slide");

            hers.persist(new Deck("d1", "First draft"));
            String first = FractionalIndex.between(null, null);
            hers.persist(new Slide("s1", "d1", first));
            hers.persist(new Slide("s2", "d1", FractionalIndex.between(first, null)));
            hers.persist(new Component("c1", "s1", "Hello"));
            hers.persist(new Component("c2", "s2", "World"));
            hers.persist(new SelectedSlide("d1", "s2"));

            Changeset everything = hers.changesets().changes(ChangeQuery.ALL);
            assertThat(everything.changes()).hasSize(9);
            assertThat(everything.version()).isEqualTo(5);

            MergeReport report = his.changesets().apply(everything);
            assertThat(report.applied()).isEqualTo(9);
            assertThat(his.entities().find(Component.class, "c2").content()).isEqualTo("World");
            assertThat(his.entities().find(SelectedSlide.class, "d1")).isNull();
            assertThat(his.changesets().apply(everything).applied()).isZero();

            TrackedPeer her = his.changesets().trackedPeers().get(0);
            assertThat(her.siteId()).isEqualTo(hers.changesets().siteId());
            assertThat(her.received()).isEqualTo(5);

            Changeset nothing = hers.changesets().changes(ChangeQuery.since(her.received()));
            assertThat(nothing.changes()).isEmpty();

            hers.change(Deck.class, "d1", deck -> deck.rename("Offline first"));

            Changeset title = hers.changesets().changes(ChangeQuery.since(her.received()));
            his.changesets().apply(title);
            assertThat(title.changes()).singleElement().matches(change -> change.colVersion() == 2);
            assertThat(his.entities().find(Deck.class, "d1").name()).isEqualTo("Offline first");

            hers.remove(Slide.class, "s2");
            his.change(Deck.class, "d1", deck -> deck.rename("Draft"));
            his.change(Deck.class, "d1", deck -> deck.rename("Local first"));
            his.changesets().apply(hers.changesets().changes(ChangeQuery.ALL));
            hers.changesets().apply(his.changesets().changes(ChangeQuery.ALL));
            for (Person person : List.of(hers, his)) {
                assertThat(person.entities().find(Deck.class, "d1").name()).isEqualTo("Local first");
                assertThat(person.entities().find(Slide.class, "s2")).isNull();
                assertThat(person.entities().find(Slide.class, "s1")).isNotNull();
            }
        }
    }

    @Test
    void theJavaOfTheGuideIsTheJavaThatRuns() throws IOException {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                sources.add(onOneLine(Files.readString(file)));
            }
        }
        List<Block> java = blocks().stream()
                .filter(block -> block.language().equals("java"))
                .toList();
        assertThat(java).hasSizeGreaterThan(8);
        for (Block block : java) {
            assertThat(sources).as(block.text()).anyMatch(source -> source.contains(onOneLine(block.text())));
        }
    }

    private static String onOneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
