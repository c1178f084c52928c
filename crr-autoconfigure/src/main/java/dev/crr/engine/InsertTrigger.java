package dev.crr.engine;

/**
 * The trigger by which {@code crsql_changes} takes inserts. It hands each row to a function that exists only on connections that
 * can merge. SQLite looks for the function when such an INSERT is prepared, and never else: any other tool reads the view, alters
 * tables and dumps the file as if the trigger were not there.
 */
public final class InsertTrigger {

    /** The function's name. Where it is missing SQLite's message is "no such function" and this name, so it tells why. */
    public static final String FUNCTION =
            "only the connections of an application with crr take an INSERT INTO crsql_changes,"
                    + " as they merge it; this is none of them";

    /** How many arguments the function takes: the columns of the view, in their order. */
    public static final int ARGUMENTS = 9;

    private InsertTrigger() {}

    static String sql() {
        return "CREATE TRIGGER main.crsql_changes_insert INSTEAD OF INSERT ON " + ChangesView.NAME + " BEGIN SELECT "
                + Quoting.name(FUNCTION)
                + "(NEW.\"table\", NEW.pk, NEW.cid, NEW.val, NEW.col_version, NEW.db_version, NEW.site_id, NEW.cl, NEW.seq); END";
    }
}
