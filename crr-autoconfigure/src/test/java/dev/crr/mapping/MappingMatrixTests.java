package dev.crr.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.mapping.BasicShapes.Address;
import dev.crr.mapping.BasicShapes.Basics;
import dev.crr.mapping.BasicShapes.ClassKeyed;
import dev.crr.mapping.BasicShapes.Computed;
import dev.crr.mapping.BasicShapes.Contents;
import dev.crr.mapping.BasicShapes.EmbeddedKeyed;
import dev.crr.mapping.BasicShapes.Erasable;
import dev.crr.mapping.BasicShapes.Inherited;
import dev.crr.mapping.BasicShapes.Level;
import dev.crr.mapping.BasicShapes.Line;
import dev.crr.mapping.BasicShapes.Numbers;
import dev.crr.mapping.BasicShapes.Place;
import dev.crr.mapping.BasicShapes.Point;
import dev.crr.mapping.BasicShapes.TextKeyed;
import dev.crr.mapping.BasicShapes.Times;
import dev.crr.mapping.RelationShapes.Badge;
import dev.crr.mapping.RelationShapes.Boat;
import dev.crr.mapping.RelationShapes.Cat;
import dev.crr.mapping.RelationShapes.Disc;
import dev.crr.mapping.RelationShapes.Figure;
import dev.crr.mapping.RelationShapes.Local;
import dev.crr.mapping.RelationShapes.Member;
import dev.crr.mapping.RelationShapes.Pet;
import dev.crr.mapping.RelationShapes.Profile;
import dev.crr.mapping.RelationShapes.Task;
import dev.crr.mapping.RelationShapes.Team;
import dev.crr.mapping.RelationShapes.Vessel;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to map an entity, written with JPA in one application and read with JPA in another, and back. */
class MappingMatrixTests {

    @TempDir
    static Path directory;

    private static Instance left;
    private static Instance right;

    @BeforeAll
    static void start() {
        Class<?>[] entities = Stream.of(BasicShapes.ALL, RelationShapes.ALL)
                .flatMap(Stream::of)
                .toArray(Class<?>[]::new);
        left = new Instance(directory.resolve("left.db"));
        // A column that no entity maps, a table wider than its entity, made before Hibernate comes.
        left.jdbcOnFile(Unmapped.TABLE);
        left.start(entities);
        right = new Instance(directory.resolve("right.db")).withPeer(left);
        right.jdbcOnFile(Unmapped.TABLE);
        right.start(entities);
    }

    @AfterAll
    static void stop() {
        right.close();
        left.close();
    }

    /** {@code inherited} with columns that {@link Inherited} does not know. */
    private static final class Unmapped {
        static final String TABLE =
                "CREATE TABLE inherited (id BLOB NOT NULL PRIMARY KEY, legacy TEXT, created_by TEXT,"
                        + " own TEXT, required INTEGER NOT NULL DEFAULT 3)";
    }

    /** Writes on the left, and reads on the right what arrived there. */
    private static <T> T sent(T entity, Class<T> type, Object id) {
        Jpa.of(left).persist(entity);
        right.syncWell();
        return Jpa.of(right).find(type, id);
    }

    @Test
    void basicTypesAndTheirWrappers() {
        Basics basics = new Basics();
        basics.aBoolean = true;
        basics.aByte = -128;
        basics.aShort = Short.MIN_VALUE;
        basics.anInt = Integer.MIN_VALUE;
        basics.aLong = Long.MIN_VALUE;
        basics.aFloat = 0.1f;
        basics.aDouble = Double.MIN_VALUE;
        basics.aChar = 'é';
        basics.maybeBoolean = false;
        basics.maybeByte = 127;
        basics.maybeShort = Short.MAX_VALUE;
        basics.maybeInt = Integer.MAX_VALUE;
        basics.maybeLong = Long.MAX_VALUE;
        basics.maybeFloat = Float.MAX_VALUE;
        basics.maybeDouble = -0.3;
        basics.maybeChar = '"';
        basics.string = "a\u0000b 𝄞";
        basics.maybeString = "";
        basics.ordinal = Level.HIGH;
        basics.named = Level.LOW;
        basics.address = new Address("Elm Street", 7);
        assertThat(sent(basics, Basics.class, basics.id))
                .usingRecursiveComparison()
                .isEqualTo(basics);
    }

    @Test
    void nullStaysNull() {
        Basics basics = new Basics();
        assertThat(sent(basics, Basics.class, basics.id))
                .usingRecursiveComparison()
                .isEqualTo(basics);

        Jpa.of(right).edit(Basics.class, basics.id, there -> {
            there.maybeString = "set";
            there.address = new Address(null, 1);
        });
        right.syncWell();
        Jpa.of(left).edit(Basics.class, basics.id, here -> {
            assertThat(here.maybeString).isEqualTo("set");
            assertThat(here.address).isEqualTo(new Address(null, 1));
            here.maybeString = null;
            here.address = null;
        });
        right.syncWell();
        assertThat(Jpa.of(right).find(Basics.class, basics.id))
                .usingRecursiveComparison()
                .isEqualTo(basics);
    }

    @Test
    void datesAndTimes() {
        Times times = new Times();
        times.id = "times";
        times.instant = Instant.parse("2026-03-29T01:30:00.123Z");
        times.date = Date.from(times.instant);
        times.localDate = LocalDate.of(1582, 10, 10);
        times.localTime = LocalTime.of(23, 59, 59, 123_000_000);
        times.localDateTime = LocalDateTime.parse("2026-03-29T02:30:00.123");
        times.offsetDateTime = OffsetDateTime.parse("2026-01-02T03:04:05.678+05:30");
        times.duration = Duration.ofDays(90_000).plusNanos(-1);
        Times there = sent(times, Times.class, "times");
        assertThat(there)
                .usingRecursiveComparison()
                .ignoringFields("offsetDateTime", "date")
                .isEqualTo(times);
        assertThat(there.date.toInstant()).isEqualTo(times.instant);
        assertThat(there.offsetDateTime.toInstant()).isEqualTo(times.offsetDateTime.toInstant());
    }

    @Test
    void numbersKeepEveryDigit() {
        Numbers numbers = new Numbers();
        numbers.decimal = new BigDecimal("-12345678901234567890.123456789012345670");
        numbers.integer = new BigInteger("123456789012345678901234567890123456789");
        numbers.price = new BigDecimal("1234567890123.45");
        numbers.count = new BigInteger("-999999999999999999");
        assertThat(sent(numbers, Numbers.class, numbers.id))
                .usingRecursiveComparison()
                .isEqualTo(numbers);
    }

    @Test
    void bytesTextsJsonAndConverters() {
        Contents contents = new Contents();
        contents.bytes = new byte[] {0, -1, 127};
        contents.largeBytes = new byte[] {1, 0, -128};
        contents.largeText = "large ".repeat(10_000);
        contents.json = Map.of("odd", List.of(1, 3), "none", List.of());
        contents.point = new Point(3, -4);
        assertThat(sent(contents, Contents.class, contents.id))
                .usingRecursiveComparison()
                .isEqualTo(contents);
        assertThat(right.jdbc().queryForObject("SELECT typeof(id) FROM contents WHERE point = '3/-4'", String.class))
                .isEqualTo("text");
    }

    @Test
    void textKeys() {
        TextKeyed keyed = new TextKeyed();
        keyed.id = "É/\"'x";
        keyed.name = "first";
        assertThat(sent(keyed, TextKeyed.class, keyed.id).name).isEqualTo("first");
        Jpa.of(right).edit(TextKeyed.class, keyed.id, there -> there.name = "second");
        right.syncWell();
        assertThat(Jpa.of(left).find(TextKeyed.class, keyed.id).name).isEqualTo("second");
    }

    @Test
    void embeddedIdentifiers() {
        EmbeddedKeyed seat = new EmbeddedKeyed();
        seat.place = new Place(UUID.randomUUID(), 12);
        seat.guest = "Ada";
        assertThat(sent(seat, EmbeddedKeyed.class, seat.place).guest).isEqualTo("Ada");
        Jpa.of(right).remove(EmbeddedKeyed.class, seat.place);
        right.syncWell();
        assertThat(Jpa.of(left).find(EmbeddedKeyed.class, seat.place)).isNull();
    }

    @Test
    void identifierClasses() {
        ClassKeyed line = new ClassKeyed();
        line.invoice = "2026-1";
        line.number = Long.MAX_VALUE;
        line.article = "chair";
        assertThat(sent(line, ClassKeyed.class, new Line("2026-1", Long.MAX_VALUE)).article)
                .isEqualTo("chair");
    }

    @Test
    void mappedSuperclassesAndColumnsThatNobodyMaps() {
        Inherited inherited = new Inherited();
        inherited.createdBy = "base";
        inherited.own = "own";
        Jpa.of(left).persist(inherited);
        left.jdbc().update("UPDATE inherited SET legacy = 'kept', required = 5 WHERE own = 'own'");
        right.syncWell();
        assertThat(Jpa.of(right).find(Inherited.class, inherited.id))
                .usingRecursiveComparison()
                .isEqualTo(inherited);
        assertThat(right.jdbc().queryForMap("SELECT legacy, required FROM inherited WHERE own = 'own'"))
                .containsEntry("legacy", "kept")
                .containsEntry("required", 5);
    }

    @Test
    void softDeletes() {
        Erasable erasable = new Erasable();
        erasable.name = "here";
        assertThat(sent(erasable, Erasable.class, erasable.id).name).isEqualTo("here");
        Jpa.of(right).remove(Erasable.class, erasable.id);
        right.syncWell();
        assertThat(Jpa.of(left).find(Erasable.class, erasable.id)).isNull();
        assertThat(left.jdbc().queryForObject("SELECT deleted FROM erasable", Boolean.class))
                .isTrue();
    }

    @Test
    void generatedColumnsAreComputedWhereTheyAre() {
        Computed computed = new Computed();
        computed.a = 21;
        assertThat(sent(computed, Computed.class, computed.id).doubled).isEqualTo(42);
        Jpa.of(right).edit(Computed.class, computed.id, there -> there.a = 4);
        right.syncWell();
        assertThat(Jpa.of(left).find(Computed.class, computed.id).doubled).isEqualTo(8);
        assertThat(left.status().path("tables").path("computed").path("columns").toString())
                .isEqualTo("[\"a\"]");
    }

    @Test
    void inheritanceInOneTable() {
        Cat cat = new Cat();
        cat.name = "Tom";
        cat.lives = 9;
        Jpa.of(left).persist(cat);
        right.syncWell();
        assertThat(Jpa.of(right).find(Pet.class, cat.id))
                .usingRecursiveComparison()
                .isEqualTo(cat);
    }

    @Test
    void inheritanceOverJoinedTables() {
        Boat boat = new Boat();
        boat.name = "Pequod";
        boat.sails = 3;
        Jpa.of(left).persist(boat);
        right.syncWell();
        assertThat(Jpa.of(right).find(Vessel.class, boat.id))
                .usingRecursiveComparison()
                .isEqualTo(boat);
        Jpa.of(right).remove(Vessel.class, boat.id);
        right.syncWell();
        assertThat(left.jdbc()
                        .queryForObject(
                                "SELECT (SELECT count(*) FROM vessel) + (SELECT count(*) FROM boat)", Integer.class))
                .isZero();
    }

    @Test
    void inheritanceOverATablePerClass() {
        Disc disc = new Disc();
        disc.name = "unit";
        disc.radius = 1.0;
        Jpa.of(left).persist(disc);
        right.syncWell();
        assertThat(Jpa.of(right).find(Figure.class, disc.id))
                .usingRecursiveComparison()
                .isEqualTo(disc);
    }

    @Test
    void secondaryTables() {
        Profile profile = new Profile();
        profile.name = "Ada";
        profile.photo = new byte[] {1, 2, 3};
        assertThat(sent(profile, Profile.class, profile.id))
                .usingRecursiveComparison()
                .isEqualTo(profile);
    }

    @Test
    void setsMapsAndOrderedListsOfElements() {
        Member member = new Member();
        member.mails = Set.of("a@x", "b@x");
        member.settings = Map.of("theme", "dark", "size", "7");
        member.steps = List.of("one", "two");
        Jpa.of(left).persist(member);
        right.syncWell();
        Jpa.of(right).edit(Member.class, member.id, there -> {
            assertThat(there.mails).containsExactlyInAnyOrder("a@x", "b@x");
            assertThat(there.settings).isEqualTo(Map.of("theme", "dark", "size", "7"));
            assertThat(there.steps).containsExactly("one", "two");
            there.mails.remove("a@x");
            there.settings.put("theme", "light");
            there.steps.add(0, "zero");
        });
        Jpa.of(left).edit(Member.class, member.id, here -> here.mails.add("c@x"));
        right.syncWell();
        for (Instance instance : List.of(left, right)) {
            Jpa.of(instance).edit(Member.class, member.id, there -> {
                assertThat(there.mails).containsExactlyInAnyOrder("b@x", "c@x");
                assertThat(there.settings).isEqualTo(Map.of("theme", "light", "size", "7"));
                assertThat(there.steps).containsExactly("zero", "one", "two");
            });
        }
    }

    @Test
    void oneToManyAndManyToManyByColumnAndByJoinTable() {
        Member member = new Member();
        Task open = new Task();
        Task done = new Task();
        Team team = new Team();
        team.members.add(member);
        team.open.add(open);
        team.done.add(done);
        Jpa.of(left).persist(member, open, done, team);
        right.syncWell();
        Jpa.of(right).edit(Team.class, team.id, there -> {
            assertThat(there.members).extracting(each -> each.id).containsExactly(member.id);
            assertThat(there.open).extracting(each -> each.id).containsExactly(open.id);
            assertThat(there.done).extracting(each -> each.id).containsExactly(done.id);
            there.done.addAll(there.open);
            there.open.clear();
            there.members.clear();
        });
        right.syncWell();
        Jpa.of(left).edit(Team.class, team.id, here -> {
            assertThat(here.members).isEmpty();
            assertThat(here.open).isEmpty();
            assertThat(here.done).extracting(each -> each.id).containsExactlyInAnyOrder(open.id, done.id);
        });
    }

    /** Two instances may each give a different row the same partner; nothing may get stuck on that. */
    @Test
    void oneToOneHasNoUniqueConstraintToBreak() {
        Member member = new Member();
        Jpa.of(left).persist(member);
        right.syncWell();
        for (Instance instance : List.of(left, right)) {
            Badge badge = new Badge();
            badge.holder = Jpa.of(instance).find(Member.class, member.id);
            Jpa.of(instance).persist(badge);
        }
        right.syncWell();
        for (Instance instance : List.of(left, right)) {
            assertThat(instance.jdbc().queryForObject("SELECT count(*) FROM badge", Integer.class))
                    .isEqualTo(2);
            assertThat(instance.status().path("quarantined").asInt()).isZero();
        }
    }

    @Test
    void aChildMayArriveBeforeItsParent() {
        Member member = new Member();
        member.name = "late";
        Task task = new Task();
        task.title = "early";
        task.assignee = member;
        Jpa.of(left).persist(member, task);
        right.post("/changes", left.get("/changes?table=task").body());

        Task early = Jpa.of(right).find(Task.class, task.id);
        assertThat(early.title).isEqualTo("early");
        assertThat(early.assignee).isNull();

        right.syncWell();
        assertThat(Jpa.of(right).find(Task.class, task.id).assignee.name).isEqualTo("late");
    }

    @Test
    void localAttributesStayUnderHibernatesOwnSchema() {
        Local local = new Local();
        local.shared = "everywhere";
        local.draft = "here";
        local.zoom = 3;
        Local there = sent(local, Local.class, local.id);
        assertThat(there.shared).isEqualTo("everywhere");
        assertThat(there.draft).isNull();
        assertThat(there.zoom).isEqualTo(7);
        Jpa.of(right).edit(Local.class, local.id, each -> each.draft = "there");
        right.syncWell();
        assertThat(Jpa.of(left).find(Local.class, local.id).draft).isEqualTo("here");
    }
}
