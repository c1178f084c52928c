package dev.crr.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlKindTests {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "READ | select 1",
                "READ | /* delete */ (SELECT 1)",
                "READ | VALUES (1)",
                "READ | explain delete from t",
                "READ | WITH a AS (SELECT replace('x', 'update', 'y')), \"delete\" (b) AS (VALUES (1)) SELECT * FROM a",
                "READ | PRAGMA table_xinfo('note')",
                "READ | pragma data_version",
                "READ | VACUUM INTO 'copy.db'",
                "READ | rollback transaction to sp",
                "READ | SELECT crsql_site_id()",
                "WRITE | insert into t values (1)",
                "WRITE | REPLACE INTO t VALUES (1)",
                "WRITE | Update t SET a = 1",
                "WRITE | delete from t returning a",
                "WRITE | with a as (select 1) insert into t select * from a",
                "CHANGE | create table t (a)",
                "CHANGE | VACUUM",
                "CHANGE | SELECT crsql_as_crr('t')",
                "SETTING | PRAGMA user_version = 3",
                "SETTING | PRAGMA user_version(3)",
                "BEGIN | begin",
                "BEGIN | BEGIN DEFERRED TRANSACTION",
                "BEGIN_IMMEDIATE | begin immediate",
                "BEGIN_IMMEDIATE | BEGIN EXCLUSIVE TRANSACTION",
                "SAVEPOINT | savepoint a",
                "RELEASE | RELEASE SAVEPOINT a",
                "END | commit;",
                "END | END TRANSACTION",
                "END | ROLLBACK"
            })
    void tellsFromTheFirstWords(SqlKind kind, String sql) {
        assertThat(SqlKind.of(sql)).isEqualTo(kind);
    }

    @Test
    void severalStatementsAreTakenForTheWorst() {
        assertThat(SqlKind.of(null)).isEqualTo(SqlKind.CHANGE);
        assertThat(SqlKind.of("-- update t\n SELECT 1")).isEqualTo(SqlKind.READ);
        assertThat(SqlKind.isSingle("SELECT 1;  ")).isTrue();
        assertThat(SqlKind.isSingle("SELECT 1; DELETE FROM t")).isFalse();
    }
}
