package dev.crr.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.FractionalIndex;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people insert and move slides at once, each in a database of their own. */
class SlideOrderTests {

    @TempDir
    Path directory;

    private SqlDatabase database(String name) throws SQLException {
        return new SqlDatabase(directory.resolve(name + ".db"))
                .run(
                        "CREATE TABLE slide (id TEXT PRIMARY KEY NOT NULL, position TEXT)",
                        "SELECT crsql_as_crr('slide')");
    }

    private static List<String> ids(SqlDatabase database) throws SQLException {
        return database.query("SELECT id FROM slide ORDER BY position, id");
    }

    private static void place(SqlDatabase database, String id, int index) throws SQLException {
        List<String> others = ids(database);
        others.remove(id);
        List<String> keys = database.query("SELECT position FROM slide WHERE id <> '" + id + "' ORDER BY position, id");
        FractionalIndex.Insertion insertion = FractionalIndex.insert(keys, index);
        database.update(
                "INSERT INTO slide VALUES (?1, ?2) ON CONFLICT DO UPDATE SET position = ?2", id, insertion.key());
        for (Map.Entry<Integer, String> moved : insertion.moved().entrySet()) {
            database.update("UPDATE slide SET position = ? WHERE id = ?", moved.getValue(), others.get(moved.getKey()));
        }
        others.add(index, id);
        assertThat(ids(database)).as("each sees at once what they did").isEqualTo(others);
    }

    @Test
    void bothSeeTheSameOrderAndNothingIsLost() throws SQLException {
        try (SqlDatabase one = database("one");
                SqlDatabase two = database("two")) {
            place(one, "title", 0);
            place(one, "end", 1);
            two.pull(one);
            place(one, "mine", 1);
            place(two, "yours", 1);
            place(two, "end", 0);
            one.pull(two);
            two.pull(one);
            assertThat(ids(one))
                    .containsExactly("end", "title", "mine", "yours")
                    .isEqualTo(ids(two));
            assertThat(one.query("SELECT count(DISTINCT position) FROM slide"))
                    .as("the same place, the same key")
                    .containsExactly("3");
            place(two, "between", 3);
            one.pull(two);
            assertThat(ids(one)).containsExactly("end", "title", "mine", "between", "yours");
        }
    }

    @Test
    void randomEditsConverge() throws SQLException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (SqlDatabase one = database("one");
                SqlDatabase two = database("two")) {
            int made = 0;
            for (int round = 0; round < 25; round++) {
                for (SqlDatabase database : List.of(one, two)) {
                    for (int i = random.nextInt(4); i > 0; i--) {
                        List<String> present = ids(database);
                        if (present.size() < 2 || random.nextBoolean()) {
                            place(database, "s" + made++, random.nextInt(present.size() + 1));
                        } else {
                            place(
                                    database,
                                    present.get(random.nextInt(present.size())),
                                    random.nextInt(present.size()));
                        }
                    }
                }
                one.pull(two);
                two.pull(one);
                List<String> order = new ArrayList<>(ids(one));
                assertThat(order).as("seed %d", seed).hasSize(made).isEqualTo(ids(two));
            }
        }
    }
}
