package dev.crr.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Instance;
import dev.crr.shapes.Note;
import dev.crr.shapes.Person;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;

/** A replicated table that somebody drops while the application runs. */
@Timeout(300)
class DroppedTableTests {

    @TempDir
    Path folder;

    private Instance office;
    private Instance laptop;

    @BeforeEach
    void start() {
        office = new Instance(folder.resolve("office")).start(Note.class, Person.class);
        laptop = new Instance(folder.resolve("laptop")).withPeer(office).start(Note.class, Person.class);
        laptop.syncWell();
    }

    @AfterEach
    void stop() {
        laptop.close();
        office.close();
    }

    private static List<String> changed(Instance instance) {
        return instance.jdbc().queryForList("SELECT DISTINCT \"table\" FROM crsql_changes", String.class);
    }

    private void drop(Instance instance, boolean fromOutside) {
        if (fromOutside) {
            instance.jdbcOnFile("DROP TABLE person");
        } else {
            instance.jdbc().execute("DROP TABLE person");
        }
        assertThatThrownBy(() -> changed(instance)).isInstanceOf(DataAccessException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNextExchangeGoesOnWithTheOthers(boolean fromOutside) {
        drop(laptop, fromOutside);
        drop(office, fromOutside);
        laptop.write("ours");
        office.write("theirs");
        laptop.syncWell();
        for (Instance each : List.of(office, laptop)) {
            assertThat(each.texts()).containsExactly("ours", "theirs");
            assertThat(changed(each)).containsExactly("note");
            // SQLite looks at all views then.
            each.jdbc().execute("CREATE TABLE other (a)");
            each.jdbc().execute("ALTER TABLE other RENAME TO another");
        }
        long version = laptop.service().version();
        laptop.syncWell();
        assertThat(laptop.service().version()).isEqualTo(version);
    }

    @Test
    void whoeverSaysSoBeforeBreaksNothing() {
        laptop.jdbc().queryForObject("SELECT crsql_as_table('person')", String.class);
        laptop.jdbc().execute("DROP TABLE person");
        laptop.write("ours");
        assertThat(changed(laptop)).containsExactly("note");
        laptop.syncWell();
        assertThat(office.texts()).containsExactly("ours");
    }

    @Test
    void theOtherSideMayHaveItStill() {
        drop(laptop, false);
        office.jdbc().update("INSERT INTO person (id, name) VALUES ('1', 'Ann')");
        office.write("theirs");
        laptop.write("ours");
        laptop.syncWell();
        assertThat(office.texts()).containsExactly("ours", "theirs");
        assertThat(laptop.texts()).containsExactly("ours", "theirs");
        assertThat(changed(laptop)).containsExactly("note");
        assertThat(changed(office)).containsExactlyInAnyOrder("note", "person");
        assertThat(office.rows("person")).hasSize(1);
    }
}
