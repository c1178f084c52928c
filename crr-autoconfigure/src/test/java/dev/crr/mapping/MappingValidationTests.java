package dev.crr.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.crr.Instance;
import dev.crr.engine.InvalidTableException;
import dev.crr.engine.TableProblem;
import dev.crr.mapping.BadShapes.Account;
import dev.crr.mapping.BadShapes.Birthday;
import dev.crr.mapping.BadShapes.Counted;
import dev.crr.mapping.BadShapes.Diary;
import dev.crr.mapping.BadShapes.Payment;
import dev.crr.mapping.BadShapes.Unwise;
import dev.crr.mapping.BasicShapes.TextKeyed;
import dev.crr.mapping.RelationShapes.Badge;
import dev.crr.mapping.RelationShapes.Member;
import dev.crr.mapping.VersionShapes.Stamped;
import dev.crr.mapping.VersionShapes.StampedTwice;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the starter says at start of mappings that would lose something, diverge, or are unwise. */
@ExtendWith(OutputCaptureExtension.class)
class MappingValidationTests {

    private static final String DRIVER = "spring.datasource.hikari.data-source-properties.";

    @TempDir
    Path directory;

    private Instance instance() {
        return new Instance(directory.resolve("a.db"));
    }

    static List<TableProblem> refused(Instance instance, Class<?>... entities) {
        try (instance) {
            Throwable failure = catchThrowable(() -> instance.start(entities));
            assertThat(failure).hasRootCauseInstanceOf(InvalidTableException.class);
            Throwable cause = failure;
            while (!(cause instanceof InvalidTableException invalid)) {
                cause = cause.getCause();
            }
            return invalid.problems();
        }
    }

    @Test
    void refusesWhatWouldLoseOrDivergeAllAtOnce(CapturedOutput output) {
        List<TableProblem> problems = refused(
                instance().with(DRIVER + "date_class=INTEGER"),
                Counted.class,
                Account.class,
                Diary.class,
                Payment.class,
                Birthday.class,
                Stamped.class,
                StampedTwice.class,
                Unwise.class);

        assertThat(problems)
                .extracting(TableProblem::table, TableProblem::column)
                .containsOnly(
                        Tuple.tuple("counted", "id"),
                        Tuple.tuple("account", "login"),
                        Tuple.tuple("diary_line", null),
                        Tuple.tuple("payment", "amount"),
                        Tuple.tuple("payment", "iban"),
                        Tuple.tuple("birthday", "date"),
                        Tuple.tuple("stamped", "changed"))
                .hasSize(8);
        assertThat(output)
                .contains(
                        "APPLICATION FAILED TO START",
                        "entity dev.crr.mapping.BadShapes$Diary, table \"diary_line\": Give it one.",
                        "use a java.util.UUID with @GeneratedValue(strategy = GenerationType.UUID)",
                        "@Column(precision = 15)",
                        "The @Version attribute \"changed\" is no number that counts up",
                        "Make it a long",
                        "@JdbcTypeCode(SqlTypes.VARCHAR)",
                        "Remove date_class from spring.datasource.hikari.data-source-properties",
                        "Drop the constraint (unique = true on the @Column)",
                        "entity dev.crr.mapping.BadShapes$Unwise, table \"unwise\", column \"tags\"");
    }

    @Test
    void looksForColumnsInTheTablesTheyAreIn() {
        List<TableProblem> problems =
                refused(instance(), BadShapes.Figure.class, BadShapes.Disc.class, BadShapes.Coin.class);
        assertThat(problems)
                .extracting(TableProblem::table, TableProblem::column)
                .containsExactlyInAnyOrder(
                        Tuple.tuple("disc", "area"),
                        Tuple.tuple("disc", "rim"),
                        Tuple.tuple("coin", "area"),
                        Tuple.tuple("coin", "rim"),
                        Tuple.tuple("figure_cost", "paid"),
                        Tuple.tuple("figure_cost", "fee"));
    }

    @Test
    void refusesALocalPartOfAMapsKey() {
        assertThat(refused(instance(), BadShapes.Spotted.class))
                .extracting(TableProblem::table, TableProblem::column)
                .containsExactly(Tuple.tuple("spotted_by_spot", "note"));
    }

    @Test
    void warnsOfWhatIsOnlyUnwise(CapturedOutput output) {
        try (Instance instance = instance().start(Unwise.class)) {
            assertThat(instance.service().tables()).hasSize(2);
        }
        assertThat(output)
                .containsOnlyOnce("Mappings that replicate, but not well")
                .contains(
                        "table \"unwise\", column \"tags\": The value is stored as serialized Java",
                        "@JdbcTypeCode(SqlTypes.JSON)",
                        "table \"unwise_step\", column \"steps_order\": The list is kept by position");
    }

    @Test
    void aTextColumnMayHoldAnyNumber() {
        Instance instance = instance();
        instance.jdbcOnFile("CREATE TABLE payment (id BLOB NOT NULL PRIMARY KEY, amount TEXT, iban varchar(50))");
        try (instance) {
            instance.start(Payment.class);
            Payment payment = new Payment();
            payment.amount = new BigDecimal("12345678901234567890.10");
            Jpa.of(instance).persist(payment);
            assertThat(Jpa.of(instance).find(Payment.class, payment.id).amount).isEqualTo("12345678901234567890.10");
        }
    }

    /** Also on a file that was fine before: whether keys are checked is up to the connection, not to the schema. */
    @Test
    void refusesCheckedForeignKeysAtEveryStart() {
        Instance instance = instance();
        instance.jdbcOnFile("CREATE TABLE badge (id BLOB NOT NULL PRIMARY KEY, holder_id BLOB REFERENCES member)");
        try (instance) {
            instance.start(Badge.class, Member.class);
        }
        assertThat(refused(instance.with(DRIVER + "foreign_keys=true"), Badge.class, Member.class))
                .extracting(TableProblem::table, TableProblem::column)
                .contains(Tuple.tuple("badge", "holder_id"));
    }

    @Test
    void localRowsMayFollowTheirReplicatedParentButNotHoldIt() {
        Instance instance = instance().with(DRIVER + "foreign_keys=true");
        instance.jdbcOnFile("CREATE TABLE visit (id INTEGER PRIMARY KEY, of_id TEXT REFERENCES text_keyed)");
        instance.jdbcOnFile("CREATE TABLE text_keyed (id TEXT NOT NULL PRIMARY KEY, name TEXT)");
        assertThat(refused(instance, TextKeyed.class))
                .singleElement()
                .satisfies(problem -> assertThat(problem.cure()).contains("ON DELETE CASCADE", "foreign_keys"));

        instance.jdbcOnFile("DROP TABLE visit");
        instance.jdbcOnFile(
                "CREATE TABLE visit (id INTEGER PRIMARY KEY, of_id TEXT REFERENCES text_keyed ON DELETE CASCADE)");
        try (instance;
                Instance peer = new Instance(directory.resolve("b.db")).withPeer(instance)) {
            instance.start(TextKeyed.class);
            peer.start(TextKeyed.class);
            TextKeyed parent = new TextKeyed();
            parent.id = "p";
            Jpa.of(instance).persist(parent);
            instance.jdbc().update("INSERT INTO visit (of_id) VALUES ('p')");
            peer.syncWell();
            Jpa.of(peer).remove(TextKeyed.class, "p");
            peer.syncWell();
            assertThat(instance.rows("visit")).isEmpty();
            assertThat(instance.rows("text_keyed")).isEmpty();
        }
    }

    @Test
    void saysWhatItCuredByItself(CapturedOutput output) {
        try (Instance instance = instance().start(RelationShapes.ALL)) {
            assertThat(instance.rows("badge")).isEmpty();
        }
        assertThat(output)
                .contains(
                        "INFO",
                        "Column badge.holder_id (holder of dev.crr.mapping.RelationShapes$Badge) gets no UNIQUE constraint",
                        "dates and times are kept as text that means the same in every time zone",
                        "gives the SQLite driver journal_mode=WAL, busy_timeout=10000");
    }
}
