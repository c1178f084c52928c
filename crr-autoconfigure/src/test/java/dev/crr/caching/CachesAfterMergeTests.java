package dev.crr.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.ChangesMergedEvent;
import dev.crr.Changeset;
import dev.crr.Instance;
import dev.crr.SiteId;
import dev.crr.Value;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.Hibernate;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.jpa.HibernateHints;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Whoever reads after a merge sees what it brought, through whatever cache of Hibernate's. */
class CachesAfterMergeTests {

    @TempDir
    static Path directory;

    private static Instance instance;
    private static EntityManager entities;
    private static long colVersion = 1;

    /** What a listener does, before the thread that merged goes on. */
    private static Runnable onMerge = () -> {};

    @BeforeAll
    static void start() {
        instance = new Instance(directory.resolve("a.db"));
        // With Hibernate's UNIQUE on a natural identifier a table does not replicate.
        instance.jdbcOnFile("CREATE TABLE label (id TEXT PRIMARY KEY NOT NULL, code TEXT)");
        List<Class<?>> classes =
                new ArrayList<>(List.of(Album.class, Track.class, Shelf.class, Crate.class, Vote.class, Score.class));
        classes.addAll(List.of(Shop.ALL));
        instance.with(
                        "crr.sqlite.read-only-pool.enabled=true",
                        "spring.jpa.properties.hibernate.cache.use_second_level_cache=true",
                        "spring.jpa.properties.hibernate.cache.use_query_cache=true",
                        "spring.jpa.properties.hibernate.javax.cache.missing_cache_strategy=create")
                .start(classes.toArray(Class<?>[]::new));
        entities = SharedEntityManagerCreator.createSharedEntityManager(instance.bean(EntityManagerFactory.class));
        instance.context().addApplicationListener(event -> {
            if (event instanceof PayloadApplicationEvent<?> payload
                    && payload.getPayload() instanceof ChangesMergedEvent) {
                onMerge.run();
            }
        });
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @BeforeEach
    void empty() {
        onMerge = () -> {};
        factory().getCache().evictAllRegions();
    }

    private static SessionFactory factory() {
        return instance.bean(EntityManagerFactory.class).unwrap(SessionFactory.class);
    }

    private static TransactionTemplate transaction(boolean readOnly) {
        TransactionTemplate transaction = new TransactionTemplate(instance.bean(PlatformTransactionManager.class));
        transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        transaction.setReadOnly(readOnly);
        return transaction;
    }

    private static <T> T call(Function<EntityManager, T> work) {
        return transaction(false).execute(status -> work.apply(entities));
    }

    private static void persist(Object... fresh) {
        call(em -> {
            for (Object each : fresh) {
                em.persist(each);
            }
            return true;
        });
    }

    private static Album album(String... tags) {
        Album album = new Album();
        album.title = "before";
        album.tags.addAll(List.of(tags));
        persist(album);
        return album;
    }

    private static Track track(Album album, String id) {
        Track track = new Track();
        track.id = id;
        track.title = "before";
        track.album = album;
        persist(track);
        return track;
    }

    private static String title(UUID album) {
        return call(em -> em.find(Album.class, album).title);
    }

    private static String trackTitle(String track) {
        return call(em -> em.find(Track.class, track).title);
    }

    private static String label(Shelf.Place place) {
        return call(em -> em.find(Shelf.class, place).label);
    }

    private static long votes() {
        return call(em -> em.find(Score.class, 1L).votes);
    }

    private static List<String> tags(UUID album) {
        return call(em -> em.find(Album.class, album).tags.stream().sorted().toList());
    }

    private static List<String> tracks(UUID album) {
        return call(em -> {
            List<Track> tracks = em.find(Album.class, album).tracks;
            Hibernate.initialize(tracks);
            return tracks.stream().map(track -> track.id).toList();
        });
    }

    private static long titled(String title) {
        return call(em -> em.createQuery("SELECT count(a) FROM album a WHERE a.title = :title", Long.class)
                .setParameter("title", title)
                .setHint(HibernateHints.HINT_CACHEABLE, true)
                .getSingleResult());
    }

    /** As another site would have changed it since. */
    private static Change change(String table, String column, String value, Object... key) {
        List<Value> values = new ArrayList<>();
        for (Object part : key) {
            values.add(
                    part instanceof UUID id
                            ? Value.of(uuid(id))
                            : part instanceof Number number ? Value.of(number.longValue()) : Value.of(part.toString()));
        }
        boolean row = column.equals(Change.ROW);
        long version = row ? 2 : ++colVersion;
        return new Change(
                table, values, column, row ? Value.NULL : Value.of(value), version, 1, SiteId.random(), row ? 2 : 1, 0);
    }

    private static byte[] uuid(UUID id) {
        return java.nio.ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static Change deletion(String table, Object... key) {
        return change(table, Change.ROW, "", key);
    }

    private static void merge(Change... changes) {
        merge(List.of(changes));
    }

    private static void merge(List<Change> changes) {
        Changeset changeset = new Changeset(SiteId.random(), null, 0, 0, null, null, false, changes);
        assertThat(instance.service().apply(changeset).applied()).isEqualTo(changes.size());
    }

    @Test
    void anEntity() {
        Album album = album();
        Album other = album();
        assertThat(title(album.id)).isEqualTo(title(other.id)).isEqualTo("before");
        assertThat(factory().getCache().contains(Album.class, album.id)).isTrue();
        merge(change("album", "title", "after", album.id));
        assertThat(factory().getCache().contains(Album.class, other.id))
                .as("no other entity was thrown out")
                .isTrue();
        assertThat(title(album.id)).isEqualTo("after");
        assertThat(title(album.id)).isEqualTo("after");
        assertThat(factory().getCache().contains(Album.class, album.id))
                .as("it is cached again")
                .isTrue();
        merge(deletion("album", album.id));
        assertThat((Object) call(em -> em.find(Album.class, album.id))).isNull();
    }

    @Test
    void anEntityOfAnotherStrategy() {
        Track track = track(null, "strategy");
        assertThat(trackTitle(track.id)).isEqualTo("before");
        assertThat(factory().getCache().contains(Track.class, track.id)).isTrue();
        merge(change("track", "title", "after", track.id));
        assertThat(trackTitle(track.id)).isEqualTo("after");
    }

    @Test
    void anEntityWithACompositeKey() {
        Shelf shelf = new Shelf();
        shelf.room = 1;
        persist(shelf);
        Shelf.Place place = new Shelf.Place(1, 0);
        assertThat(label(place)).isEmpty();
        assertThat(factory().getCache().contains(Shelf.class, place)).isTrue();
        merge(change("shelf", "label", "after", 1, 0));
        assertThat(label(place)).isEqualTo("after");
        assertThat(instance.jdbc().queryForObject("SELECT version FROM shelf", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void aCollectionOfValues() {
        Album album = album("one");
        assertThat(tags(album.id)).containsExactly("one");
        assertThat(factory().getCache().containsCollection("dev.crr.caching.Album.tags", album.id))
                .isTrue();
        merge(new Change(
                "album_tags",
                List.of(Value.of(uuid(album.id)), Value.of("two")),
                Change.ROW,
                Value.NULL,
                1,
                1,
                SiteId.random(),
                1,
                0));
        assertThat(tags(album.id)).containsExactly("one", "two");
        assertThat(tags(album.id)).containsExactly("one", "two");
        merge(deletion("album_tags", album.id, "one"));
        assertThat(tags(album.id)).containsExactly("two");
    }

    @Test
    void theVersionOfAnOwner() {
        Crate crate = new Crate();
        crate.stickers.add("fragile");
        persist(crate);
        long before = version(crate.id);
        assertThat(queriedVersion(crate.id)).isEqualTo(before);
        assertThat(factory().getCache().contains(Crate.class, crate.id)).isTrue();
        merge(deletion("crate_stickers", crate.id, "fragile"));
        assertThat(version(crate.id)).isEqualTo(before + 1);
        assertThat(queriedVersion(crate.id)).isEqualTo(before + 1);
        call(em -> em.find(Crate.class, crate.id).label = "not refused");
        assertThat(version(crate.id)).isEqualTo(before + 2);
    }

    private static long version(UUID crate) {
        return call(em -> em.find(Crate.class, crate).version);
    }

    private static long queriedVersion(UUID crate) {
        return call(em -> em.createQuery("SELECT c.version FROM crate c WHERE c.id = :id", Long.class)
                .setParameter("id", crate)
                .setHint(HibernateHints.HINT_CACHEABLE, true)
                .getSingleResult());
    }

    @Test
    void aCollectionOfEntitiesThatKnowTheirOwner() {
        Album from = album();
        Album to = album();
        track(from, "a");
        track(from, "b");
        assertThat(tracks(from.id)).containsExactlyInAnyOrder("a", "b");
        assertThat(tracks(to.id)).isEmpty();
        assertThat(factory().getCache().containsCollection("dev.crr.caching.Album.tracks", from.id))
                .isTrue();
        Change move = change("track", "album_id", "", "a");
        merge(new Change(
                move.table(),
                move.key(),
                move.cid(),
                Value.of(uuid(to.id)),
                move.colVersion(),
                1,
                move.siteId(),
                1,
                0));
        assertThat(tracks(from.id)).containsExactly("b");
        assertThat(tracks(to.id)).containsExactly("a");
        merge(deletion("track", "b"));
        assertThat(tracks(from.id)).isEmpty();
    }

    @Test
    void theOrderOfACollection() {
        Album album = album();
        track(album, "x");
        track(album, "y");
        merge(change("track", "title", "m", "x"), change("track", "title", "n", "y"));
        assertThat(tracks(album.id)).containsExactly("x", "y");
        merge(change("track", "title", "z", "x"));
        assertThat(tracks(album.id)).containsExactly("y", "x");
    }

    private static String byCode(String code) {
        return call(em -> em.unwrap(Session.class)
                .bySimpleNaturalId(Shop.Label.class)
                .loadOptional(code)
                .map(label -> label.id + " with code " + label.code)
                .orElse("nobody"));
    }

    private static void label(Shop.Label label, String id, String code) {
        label.id = id;
        label.code = code;
        persist(label);
    }

    @Test
    void naturalIdentifiers() {
        label(new Shop.Label(), "one", "A");
        label(new Shop.PriceLabel(), "two", "B");
        assertThat(byCode("A")).isEqualTo("one with code A");
        assertThat(byCode("B")).isEqualTo("two with code B");
        merge(change("label", "code", "B", "one"), change("label", "code", "A", "two"));
        assertThat(byCode("A")).isEqualTo("two with code A");
        assertThat(byCode("B")).isEqualTo("one with code B");
        merge(deletion("label", "one"));
        assertThat(byCode("B")).isEqualTo("nobody");
    }

    @Test
    void anAssociationToSomethingElseThanAnIdentifier() {
        label(new Shop.Label(), "three", "C");
        label(new Shop.Label(), "four", "D");
        Shop.Sticker sticker = new Shop.Sticker();
        sticker.id = "sticker";
        sticker.label = call(em -> em.find(Shop.Label.class, "three"));
        persist(sticker);
        assertThat(labelOf("sticker")).isEqualTo("three");
        assertThat(factory().getCache().contains(Shop.Sticker.class, "sticker")).isTrue();
        merge(change("label", "code", "D", "three"), change("label", "code", "C", "four"));
        assertThat(labelOf("sticker")).isEqualTo("four");
    }

    private static String labelOf(String sticker) {
        return call(em -> em.find(Shop.Sticker.class, sticker).label.id);
    }

    @Test
    void aPartnerInAnEmbeddableThatRefersToTheEntity() {
        Shop.Stage stage = new Shop.Stage();
        stage.id = "stage";
        Shop.Singer singer = new Shop.Singer();
        singer.id = "first";
        singer.stage = stage;
        Shop.Singer second = new Shop.Singer();
        second.id = "second";
        persist(stage, singer, second);
        assertThat(singerOf("stage")).isEqualTo("first");
        assertThat(factory().getCache().contains(Shop.Stage.class, "stage")).isTrue();
        merge(change("singer", "stage_id", "elsewhere", "first"), change("singer", "stage_id", "stage", "second"));
        assertThat(singerOf("stage")).isEqualTo("second");
    }

    private static String singerOf(String stage) {
        return call(em -> em.find(Shop.Stage.class, stage).cast.singer.id);
    }

    /** What is merged into the table of a subclass counts in the root's row. */
    @Test
    void aQueryOfTheRootsTable() {
        Shop.Piano piano = new Shop.Piano();
        piano.id = "piano";
        persist(piano);
        assertThat(instrumentVersion("piano")).isZero();
        merge(change("piano", "keys", "88", "piano"));
        assertThat(instance.jdbc().queryForObject("SELECT version FROM instrument", Long.class))
                .isEqualTo(1);
        assertThat(instrumentVersion("piano")).isEqualTo(1);
    }

    private static long instrumentVersion(String id) {
        return call(em -> em.createQuery("SELECT i.version FROM instrument i WHERE i.id = :id", Long.class)
                .setParameter("id", id)
                .setHint(HibernateHints.HINT_CACHEABLE, true)
                .getSingleResult());
    }

    @Test
    void aQuery() {
        Album album = album();
        assertThat(titled("queried")).isZero();
        long hits = factory().getStatistics().getQueryCacheHitCount();
        factory().getStatistics().setStatisticsEnabled(true);
        assertThat(titled("queried")).isZero();
        assertThat(factory().getStatistics().getQueryCacheHitCount()).isGreaterThan(hits);
        factory().getStatistics().setStatisticsEnabled(false);
        merge(change("album", "title", "queried", album.id));
        assertThat(titled("queried")).isEqualTo(1);
        merge(deletion("album", album.id));
        assertThat(titled("queried")).isZero();
    }

    @Test
    void whatATriggerOfTheApplicationChanged() {
        Score score = new Score();
        score.id = 1;
        persist(score);
        instance.jdbc()
                .execute("CREATE TRIGGER counts AFTER INSERT ON vote"
                        + " BEGIN UPDATE score SET votes = votes + 1 WHERE id = 1; END");
        assertThat(votes()).isZero();
        assertThat(factory().getCache().contains(Score.class, 1L)).isTrue();
        merge(change("vote", "person", "somebody", 7));
        assertThat(votes()).isEqualTo(1);
    }

    @Test
    void moreRowsThanAnybodyKeepsKeysOf() {
        Album album = album();
        assertThat(title(album.id)).isEqualTo("before");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i <= 10_000; i++) {
            changes.add(change("album", "title", "many", new UUID(1, i)));
        }
        changes.add(change("album", "title", "after", album.id));
        merge(changes);
        assertThat(title(album.id)).isEqualTo("after");
        assertThat(titled("many")).isEqualTo(10_001);
    }

    @Test
    void aMergeThatIsRolledBackLeavesNothing() {
        Album album = album("one");
        assertThat(title(album.id)).isEqualTo("before");
        assertThat(tags(album.id)).containsExactly("one");
        assertThat(titled("undone")).isZero();
        transaction(false).executeWithoutResult(status -> {
            merge(change("album", "title", "undone", album.id), deletion("album_tags", album.id, "one"));
            Album seen = entities.find(Album.class, album.id);
            assertThat(seen.title).isEqualTo("undone");
            assertThat(seen.tags).isEmpty();
            assertThat(entities.createQuery("SELECT count(a) FROM album a WHERE a.title = 'undone'", Long.class)
                            .setHint(HibernateHints.HINT_CACHEABLE, true)
                            .getSingleResult())
                    .isEqualTo(1);
            status.setRollbackOnly();
        });
        assertThat(title(album.id)).isEqualTo("before");
        assertThat(tags(album.id)).containsExactly("one");
        assertThat(titled("undone")).isZero();
    }

    @Test
    void aReaderOfASnapshotFromBeforeDoesNotBringItBack() {
        Album album = album("one");
        factory().getCache().evictAllRegions();
        transaction(true).executeWithoutResult(status -> {
            // The first statement fixes what this transaction sees.
            entities.createQuery("SELECT count(t) FROM track t", Long.class).getSingleResult();
            transaction(false)
                    .executeWithoutResult(writing -> merge(
                            change("album", "title", "after", album.id), deletion("album_tags", album.id, "one")));
            Album before = entities.find(Album.class, album.id);
            assertThat(before.title).isEqualTo("before");
            assertThat(before.tags).containsExactly("one");
        });
        assertThat(title(album.id)).isEqualTo("after");
        assertThat(tags(album.id)).isEmpty();
    }

    @Test
    void aListenerReadsWhatAllMergesOfTheTransactionBrought() {
        Album one = album();
        Album two = album("one");
        List<String> seen = new ArrayList<>();
        assertThat(title(one.id)).isEqualTo(title(two.id));
        assertThat(tags(two.id)).containsExactly("one");
        onMerge = () -> seen.add(title(one.id) + " " + title(two.id) + tags(two.id) + titled("after"));
        transaction(false).executeWithoutResult(status -> {
            merge(change("album", "title", "after", one.id));
            merge(change("album", "title", "after", two.id), deletion("album_tags", two.id, "one"));
        });
        long after = titled("after");
        assertThat(after).isGreaterThan(1);
        assertThat(seen).hasSize(2).containsOnly("after after[]" + after);
        assertThat(instance.service().changes(ChangeQuery.ALL).changes()).isNotEmpty();
    }
}
