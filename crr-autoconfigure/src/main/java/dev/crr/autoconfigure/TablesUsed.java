package dev.crr.autoconfigure;

import dev.crr.SqlNames;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tables some statements use, with triggers and cascades, as SQLite's byte code tells. */
final class TablesUsed {

    private static final int TEMP = 1;

    private static final Set<String> SCHEMA_CHANGES = Set.of(
            "CreateBtree",
            "Destroy",
            "DropIndex",
            "DropTable",
            "DropTrigger",
            "ParseSchema",
            "SetCookie",
            "VCreate",
            "VDestroy",
            "VRename",
            "VUpdate");

    private final Set<String> opened = new HashSet<>();
    private final Set<String> written = new HashSet<>();

    /** Virtual tables by name, with the statement that made them. They read others behind SQLite's back. */
    private final Map<String, String> virtual = new HashMap<>();

    private boolean opensVirtual;
    private boolean writesAnything;

    private TablesUsed() {}

    static TablesUsed by(SqliteConnection connection, Collection<String> statements) throws SQLException {
        TablesUsed used = new TablesUsed();
        try (Statement query = connection.plainStatement()) {
            Map<String, String> names = used.names(query);
            for (String sql : statements) {
                used.explain(query, sql, names);
            }
        }
        return used;
    }

    private Map<String, String> names(Statement query) throws SQLException {
        Map<String, String> names = new HashMap<>();
        names.put(root(0, 1), "sqlite_master");
        try (ResultSet row = query.executeQuery("SELECT rootpage, tbl_name, sql FROM main.sqlite_master")) {
            while (row.next()) {
                String name = row.getString(2);
                if (row.getInt(1) != 0) {
                    names.put(root(0, row.getInt(1)), name);
                } else if (SqlKind.isVirtualTable(row.getString(3))) {
                    virtual.put(SqlNames.fold(name), SqlNames.fold(row.getString(3)));
                }
            }
        }
        return names;
    }

    private void explain(Statement query, String sql, Map<String, String> names) throws SQLException {
        try (ResultSet row = query.executeQuery("EXPLAIN " + sql)) {
            while (row.next()) {
                String operation = row.getString(2);
                switch (operation) {
                    case "OpenRead", "ReopenIdx" -> open(opened, row.getInt(5), row.getInt(4), names);
                    case "OpenWrite" -> {
                        open(opened, row.getInt(5), row.getInt(4), names);
                        open(written, row.getInt(5), row.getInt(4), names);
                    }
                    case "Clear" -> open(written, row.getInt(4), row.getInt(3), names);
                    case "VOpen" -> opensVirtual = true;
                    default -> writesAnything |= SCHEMA_CHANGES.contains(operation);
                }
            }
        }
    }

    private static void open(Set<String> tables, int database, int page, Map<String, String> names) {
        if (database != TEMP) {
            tables.add(names.getOrDefault(root(database, page), root(database, page)));
        }
    }

    private static String root(int database, int page) {
        return "page " + page + " of database " + database;
    }

    /** Something that is used here and written there; null if there is nothing. */
    @Nullable String readOf(TablesUsed other) {
        if (other.writesAnything) {
            return "the schema or a virtual table";
        }
        for (String table : other.written) {
            if (opened.contains(table) || (opensVirtual && isBehindVirtual(SqlNames.fold(table)))) {
                return "the table " + table;
            }
        }
        return null;
    }

    private boolean isBehindVirtual(String table) {
        return virtual.entrySet().stream()
                .anyMatch(each ->
                        table.startsWith(each.getKey() + "_") || each.getValue().contains(table));
    }
}
