package dev.crr.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.crr.engine.TableProblem;
import dev.crr.engine.TableSpec;
import dev.crr.shapes.Animal;
import dev.crr.shapes.Author;
import dev.crr.shapes.Book;
import dev.crr.shapes.Car;
import dev.crr.shapes.Circle;
import dev.crr.shapes.Counter;
import dev.crr.shapes.Dog;
import dev.crr.shapes.Fine;
import dev.crr.shapes.HiddenKey;
import dev.crr.shapes.Invoice;
import dev.crr.shapes.Note;
import dev.crr.shapes.Person;
import dev.crr.shapes.Receipt;
import dev.crr.shapes.Report;
import dev.crr.shapes.Seat;
import dev.crr.shapes.SeatId;
import dev.crr.shapes.Setting;
import dev.crr.shapes.Shape;
import dev.crr.shapes.Slide;
import dev.crr.shapes.Square;
import dev.crr.shapes.Ticket;
import dev.crr.shapes.Vehicle;
import dev.crr.shapes.Viewport;
import java.nio.file.Path;
import java.util.Set;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntityTablesTests {

    @TempDir
    Path directory;

    private EntityTables tablesOf(Class<?>... entities) {
        Configuration configuration = new Configuration()
                .setProperty("hibernate.connection.url", "jdbc:sqlite:" + directory.resolve("test.db"))
                .setProperty("hibernate.hbm2ddl.auto", "create");
        for (Class<?> entity : entities) {
            configuration.addAnnotatedClass(entity);
        }
        try (SessionFactory factory = configuration.buildSessionFactory()) {
            return EntityTables.of(factory);
        }
    }

    private static TableSpec table(String name, Class<?> entity, String... localColumns) {
        return new TableSpec(name, entity.getName(), Set.of(localColumns));
    }

    @Test
    void leavesEntitiesWithoutTheAnnotationAlone() {
        assertThat(tablesOf(Setting.class).tables()).isEmpty();
        assertThat(tablesOf(Setting.class, Note.class).tables())
                .extracting(TableSpec::table)
                .containsExactly("Note");
    }

    @Test
    void joinedSubclassesBringTheirTables() {
        assertThat(tablesOf(Vehicle.class, Car.class).tables())
                .containsExactlyInAnyOrder(table("Vehicle", Vehicle.class), table("Car", Car.class));
    }

    @Test
    void aSingleTableIsNamedAfterTheRootAndGathersTheLocalColumnsOfAll() {
        assertThat(tablesOf(Animal.class, Dog.class).tables()).containsExactly(table("Animal", Animal.class, "mood"));
    }

    @Test
    void tablePerClassHasNoneForTheAbstractRoot() {
        assertThat(tablesOf(Shape.class, Circle.class, Square.class).tables())
                .containsExactlyInAnyOrder(table("Circle", Circle.class), table("Square", Square.class));
    }

    @Test
    void secondaryTablesCome() {
        assertThat(tablesOf(Person.class).tables())
                .containsExactlyInAnyOrder(
                        table("Person", Person.class), table("person_photo", Person.class, "thumbnail"));
    }

    @Test
    void ownedCollectionAndJoinTablesComeUnlessLocal() {
        assertThat(tablesOf(Book.class, Author.class).tables())
                .containsExactlyInAnyOrder(
                        table("Author", Author.class),
                        table("Book", Book.class),
                        table("book_tag", Book.class),
                        table("book_author", Book.class));
    }

    @Test
    void compositeIdentifiersAreNoMatterOfTheMapping() {
        EntityTables tables = tablesOf(Seat.class, SeatId.class);
        assertThat(tables.tables()).containsExactly(table("Seat", Seat.class));
        assertThat(tables.problems()).isEmpty();
    }

    @Test
    void namesComeUnquotedAndEmbeddedColumnsToo() {
        assertThat(tablesOf(Slide.class, Viewport.class).tables())
                .containsExactly(table("group", Slide.class, "order", "zoom", "scroll_y"));
    }

    @Test
    void gettersMayCarryTheAnnotation() {
        assertThat(tablesOf(Note.class).tables()).containsExactly(table("Note", Note.class, "draft"));
    }

    @Test
    void refusesNumbersCountedUpByTheDatabase() {
        EntityTables tables =
                tablesOf(Counter.class, Ticket.class, Invoice.class, Receipt.class, Fine.class, Setting.class);

        assertThat(tables.problems())
                .extracting(TableProblem::entity, TableProblem::table, TableProblem::column)
                .containsExactlyInAnyOrder(
                        tuple(Counter.class.getName(), "Counter", "id"),
                        tuple(Ticket.class.getName(), "Ticket", "ticket_no"),
                        tuple(Invoice.class.getName(), "Invoice", "id"),
                        tuple(Receipt.class.getName(), "Receipt", "id"));
        assertThat(tables.problems())
                .allSatisfy(problem -> assertThat(problem.cure()).contains("UUID"));
    }

    @Test
    void refusesALocalIdentifier() {
        assertThat(tablesOf(HiddenKey.class).problems())
                .extracting(TableProblem::table, TableProblem::column)
                .containsExactly(tuple("HiddenKey", "id"));
    }

    @Test
    void refusesAQueryInPlaceOfATable() {
        EntityTables tables = tablesOf(Note.class, Report.class);
        assertThat(tables.tables()).extracting(TableSpec::table).containsExactly("Note");
        assertThat(tables.problems()).extracting(TableProblem::entity).containsExactly(Report.class.getName());
    }
}
