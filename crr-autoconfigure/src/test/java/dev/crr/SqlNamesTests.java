package dev.crr;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlNamesTests {

    private static final List<String> NAMES = List.of(
            "item", "Item", "ITEM", "étude", "Étude", "ÉTUDE", "K", "k", "\u212A", "ſ", "s", "S", "İ", "i", "ı", "I",
            "@", "`", "[", "{", "Z", "z", "", "item ", "ß", "SS", "😀");

    /** SQLite is asked, with the collation that it compares names by. */
    @Test
    void comparesAsSqliteDoes() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                PreparedStatement ask = connection.prepareStatement("SELECT ? = ? COLLATE NOCASE, lower(?)")) {
            for (String one : NAMES) {
                for (String other : NAMES) {
                    ask.setString(1, one);
                    ask.setString(2, other);
                    ask.setString(3, one);
                    try (ResultSet answer = ask.executeQuery()) {
                        boolean same = answer.getBoolean(1);
                        assertThat(SqlNames.same(one, other))
                                .as(one + " " + other)
                                .isEqualTo(same);
                        assertThat(SqlNames.ORDER.compare(one, other) == 0)
                                .as(one + " " + other)
                                .isEqualTo(same);
                        assertThat(SqlNames.fold(one)).isEqualTo(answer.getString(2));
                    }
                    assertThat(SqlNames.ORDER.compare(one, other)).isEqualTo(-SqlNames.ORDER.compare(other, one));
                }
            }
        }
    }

    @Test
    void aScopeIsTheSameInEverySpelling() {
        assertThat(ChangeQuery.ALL.onTables(List.of("Item", "BOX")).scope())
                .isEqualTo(
                        ChangeQuery.ALL.onTables(List.of("box", "iTEM", "item")).scope())
                .isNotEqualTo(ChangeQuery.ALL.onTables(List.of("box")).scope());
        assertThat(ChangeQuery.ALL.onTables(List.of("étude")).scope())
                .isNotEqualTo(ChangeQuery.ALL.onTables(List.of("Étude")).scope());
    }
}
