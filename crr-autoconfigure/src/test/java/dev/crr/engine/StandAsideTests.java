package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Migrations over files that another release of crr left, whose triggers are others than those that this one makes. */
class StandAsideTests {

    private static final String DDL = "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL, v TEXT)";

    @TempDir
    Path folder;

    private Pair pair;

    /** What the file of another release looks like. */
    enum Release {
        SAME {
            @Override
            void left(Replica replica) {}
        },
        OTHER_FORMAT {
            @Override
            void left(Replica replica) {
                replica.run("UPDATE crr_state SET schema_version = schema_version & 4294967295");
            }
        },
        OTHER_TEXT {
            @Override
            void left(Replica replica) {
                Map<String, String> triggers = triggers(replica);
                triggers.forEach((name, sql) -> replica.run(
                        "DROP TRIGGER \"" + name + "\"", sql.replace("\nBEGIN\n", "\nBEGIN /* another release */\n")));
                record(replica);
            }
        },
        OTHER_NAMES {
            @Override
            void left(Replica replica) {
                Map<String, String> triggers = triggers(replica);
                triggers.forEach((name, sql) -> replica.run(
                        "DROP TRIGGER \"" + name + "\"",
                        sql.replace("TRIGGER \"" + name + "\"", "TRIGGER \"" + name + "_v1\"")));
                record(replica);
            }
        };

        abstract void left(Replica replica);

        private static Map<String, String> triggers(Replica replica) {
            Map<String, String> triggers = new TreeMap<>();
            for (String name :
                    replica.query("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 't'")) {
                String bare = name.substring(1, name.length() - 1);
                String sql = replica.query("SELECT sql FROM sqlite_master WHERE name = " + name)
                        .get(0);
                triggers.put(bare, sql.substring(1, sql.length() - 1).replace("''", "'"));
            }
            return triggers;
        }

        private static void record(Replica replica) {
            replica.run("UPDATE crr_state SET schema_version ="
                    + " (SELECT schema_version FROM pragma_schema_version) + (1 << 32)");
        }
    }

    @BeforeEach
    void open() {
        pair = new Pair(folder, 2, DDL).install("t");
        pair.get(0).run("INSERT INTO t VALUES ('1', 'x'), ('2', 'y'), ('3', 'z')");
        pair.exchange();
    }

    @AfterEach
    void close() {
        pair.close();
    }

    private List<String> triggers() {
        return pair.get(0).query("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 't' ORDER BY 1");
    }

    @ParameterizedTest
    @EnumSource
    void whatAMigrationWritesIsReplicated(Release release) {
        release.left(pair.get(0));
        pair.migrate(
                0,
                List.of(
                        "UPDATE t SET v = 'by the migration' WHERE id = '1'",
                        "DELETE FROM t WHERE id = '2'",
                        "INSERT INTO t VALUES ('4', 'new')"),
                "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'by the migration'", "'3'|'z'", "'4'|'new'");
        assertThat(triggers())
                .containsExactly("'t__crr_delete'", "'t__crr_insert'", "'t__crr_rekey'", "'t__crr_update'");
    }

    @ParameterizedTest
    @EnumSource
    void aRebuildIsReplicated(Release release) {
        release.left(pair.get(0));
        pair.migrate(
                0,
                List.of(
                        "CREATE TABLE new_t (id TEXT PRIMARY KEY NOT NULL, v TEXT)",
                        "INSERT INTO new_t SELECT id, upper(v) FROM t WHERE id <> '2'",
                        "DROP TABLE t",
                        "ALTER TABLE new_t RENAME TO t"),
                "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'X'", "'3'|'Z'");
    }

    @ParameterizedTest
    @EnumSource
    void aFailedStartLeavesTriggersThatNoteWhatIsWritten(Release release) {
        release.left(pair.get(0));
        pair.standAside(0).kill(0);
        assertThat(triggers()).contains("'t__crr_touch_insert'", "'t__crr_touch_update'");
        pair.get(0).run("UPDATE t SET v = 'meanwhile' WHERE id = '1'", "DELETE FROM t WHERE id = '2'");
        pair.standAside(0).install(0, "t");
        assertThat(pair.equal("t")).containsExactly("'1'|'meanwhile'", "'3'|'z'");
    }

    @ParameterizedTest
    @EnumSource
    void aStartWithoutAMigrationChangesNothing(Release release) {
        List<String> before = pair.get(0).query("SELECT * FROM t__crr_row");
        release.left(pair.get(0));
        pair.kill(0).install(0, "t");
        assertThat(pair.get(0).query("SELECT * FROM t__crr_row")).isEqualTo(before);
        pair.get(0).run("UPDATE t SET v = 'tracked' WHERE id = '1'");
        assertThat(pair.get(0).query("SELECT version FROM crr_state")).containsExactly("4");
        assertThat(pair.equal("t")).contains("'1'|'tracked'");
    }

    @Test
    void aTableThatLostItsTriggersBeforeIsWatchedAllTheSame() {
        pair.get(0)
                .run(
                        "DROP VIEW crsql_changes",
                        "DROP TRIGGER t__crr_update",
                        "DROP TRIGGER t__crr_insert",
                        "UPDATE t SET v = 'nobody saw this' WHERE id = '1'");
        pair.kill(0).standAside(0);
        pair.get(0).run("UPDATE t SET v = 'noted' WHERE id = '2'", "DELETE FROM t WHERE id = '3'");
        pair.install(0, "t");
        assertThat(pair.equal("t"))
                .as("one of the values that nobody saw, the same everywhere")
                .containsExactly("'1'|'x'", "'2'|'noted'");
    }

    @Test
    void aUsersTriggerMayHaveAnyNameOnAnotherTable() {
        pair.get(0)
                .run(
                        "CREATE TABLE log (line)",
                        "CREATE TABLE other (id)",
                        "CREATE TRIGGER t__crr_audit AFTER INSERT ON other BEGIN INSERT INTO log VALUES ('t'); END",
                        "CREATE TRIGGER x__crr_insert AFTER INSERT ON other BEGIN INSERT INTO log VALUES ('x'); END");
        pair.install(0, "t");
        pair.migrate(0, List.of("INSERT INTO other VALUES (1)"), "t");
        assertThat(pair.get(0).query("SELECT line FROM log ORDER BY 1")).containsExactly("'t'", "'x'");
    }
}
