package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What local writes leave in the clocks, seen through {@code crsql_changes}. */
class TrackingTests {

    @TempDir
    Path folder;

    Replica replica;

    @BeforeEach
    void open() {
        replica = new Replica(folder.resolve("a.db"));
        replica.run("CREATE TABLE foo (a INTEGER PRIMARY KEY NOT NULL, b, c)").install("foo");
    }

    @AfterEach
    void close() {
        replica.close();
    }

    @Test
    void anInsertSetsEveryColumn() {
        replica.run("INSERT INTO foo VALUES (1, 2, 3)");
        assertThat(replica.query("SELECT hex(pk), cid, val, col_version, cl FROM crsql_changes"))
                .containsExactly("'010901'|'b'|2|1|1", "'010901'|'c'|3|1|1");
    }
}
