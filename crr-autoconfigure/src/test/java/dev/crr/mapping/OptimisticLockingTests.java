package dev.crr.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Instance;
import dev.crr.MergeReport;
import dev.crr.ReplicatedTable;
import dev.crr.mapping.VersionShapes.Cart;
import dev.crr.mapping.VersionShapes.Cell;
import dev.crr.mapping.VersionShapes.CellId;
import dev.crr.mapping.VersionShapes.Kiosk;
import dev.crr.mapping.VersionShapes.Lift;
import dev.crr.mapping.VersionShapes.Memo;
import dev.crr.mapping.VersionShapes.Page;
import dev.crr.mapping.VersionShapes.Saw;
import dev.crr.mapping.VersionShapes.Shop;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.orm.ObjectOptimisticLockingFailureException;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/** A write of something read before a merge is refused, as one of something read before a local write is. */
class OptimisticLockingTests {

    @TempDir
    static Path directory;

    private static Instance here;
    private static Instance there;

    @BeforeAll
    static void start() {
        here = new Instance(directory.resolve("here.db")).start(VersionShapes.ALL);
        there = new Instance(directory.resolve("there.db")).start(VersionShapes.ALL);
    }

    @AfterAll
    static void stop() {
        there.close();
        here.close();
    }

    private static MergeReport send(Instance from, Instance to) {
        return to.service().apply(from.service().changes(ChangeQuery.ALL));
    }

    private static void exchange() {
        send(here, there);
        send(there, here);
    }

    /** Persists here and has it there. */
    private static void persistInBoth(Object entity) {
        Jpa.of(here).persist(entity);
        send(here, there);
    }

    /** Reads here, has it changed, and writes here what was read. */
    private static <T> void writeStale(Class<T> type, Object id, Runnable meanwhile, Consumer<T> change) {
        T read = Jpa.of(here).find(type, id);
        meanwhile.run();
        change.accept(read);
        try {
            Jpa.of(here).call(entities -> entities.merge(read));
        } catch (RuntimeException ex) {
            // As every @Repository does.
            throw DataAccessUtils.translateIfNecessary(ex, here.bean(LocalContainerEntityManagerFactoryBean.class));
        }
    }

    private static <T> void assertRefused(Class<T> type, Object id, Consumer<T> elsewhere, Consumer<T> stale) {
        Runnable local = () -> Jpa.of(here).edit(type, id, elsewhere);
        assertThatExceptionOfType(ObjectOptimisticLockingFailureException.class)
                .as("after a local write")
                .isThrownBy(() -> writeStale(type, id, local, stale));
    }

    private static <T> void assertRefusedAfterMerge(
            Class<T> type, Object id, Consumer<T> elsewhere, Consumer<T> stale) {
        exchange();
        Runnable merge = () -> {
            Jpa.of(there).edit(type, id, elsewhere);
            assertThat(send(there, here).applied()).isPositive();
        };
        assertThatExceptionOfType(ObjectOptimisticLockingFailureException.class)
                .as("after a merge")
                .isThrownBy(() -> writeStale(type, id, merge, stale));
        assertThat(here.service().quarantined()).isZero();
    }

    private static Page page() {
        Page page = new Page();
        page.title = "title";
        page.body = "body";
        page.notes.put("top", "note");
        persistInBoth(page);
        return page;
    }

    @Test
    void aStaleWriteAfterALocalWriteIsRefused() {
        assertRefused(Page.class, page().id, page -> page.title = "edited", page -> page.subtitle = "stale");
    }

    @Test
    void aStaleWriteAfterAMergeIsRefused() {
        Page page = page();
        assertRefusedAfterMerge(Page.class, page.id, each -> each.title = "edited", each -> each.subtitle = "stale");
        assertThat(Jpa.of(here).find(Page.class, page.id).title).isEqualTo("edited");
        assertThat(Jpa.of(here).find(Page.class, page.id).subtitle).isEmpty();
    }

    @Test
    void aMergeInsideATransactionThatHasReadTheRowIsNotOverwritten() {
        Page page = page();
        exchange();
        Jpa.of(there).edit(Page.class, page.id, each -> each.title = "edited");
        assertThatExceptionOfType(ObjectOptimisticLockingFailureException.class)
                .isThrownBy(() -> Jpa.of(here).edit(Page.class, page.id, each -> {
                    assertThat(send(there, here).applied()).isPositive();
                    each.subtitle = "stale";
                }));
        assertThat(Jpa.of(here).find(Page.class, page.id).title)
                .as("all of it is rolled back")
                .isEqualTo("title");
        Jpa.of(here).edit(Page.class, page.id, each -> {
            send(there, here);
            Jpa.of(here).entities().refresh(each);
            each.subtitle = "fresh";
        });
        assertThat(Jpa.of(here).find(Page.class, page.id).title).isEqualTo("edited");
        assertThat(Jpa.of(here).find(Page.class, page.id).subtitle).isEqualTo("fresh");
    }

    @Test
    void aStaleWriteAfterAMergedDeletionIsRefused() {
        Page page = page();
        exchange();
        Jpa.of(there).remove(Page.class, page.id);
        assertThatExceptionOfType(ObjectOptimisticLockingFailureException.class)
                .isThrownBy(() -> Jpa.of(here).edit(Page.class, page.id, each -> {
                    send(there, here);
                    each.title = "stale";
                }));
        send(there, here);
        assertThat((Object) Jpa.of(here).find(Page.class, page.id)).isNull();
    }

    @Test
    void aWriteOfWhatWasReadAfterTheMergeIsFine() {
        Page page = page();
        for (int round = 0; round < 3; round++) {
            String text = "round " + round;
            Jpa.of(there).edit(Page.class, page.id, each -> each.title = text);
            exchange();
            Jpa.of(here).edit(Page.class, page.id, each -> each.subtitle = each.title);
            exchange();
        }
        assertThat(Jpa.of(there).find(Page.class, page.id).subtitle).isEqualTo("round 2");
    }

    @Test
    void editsOfTwoSitesBothStayThoughTheVersionsDiffer() {
        Page page = page();
        Jpa.of(here).edit(Page.class, page.id, each -> each.title = "here");
        Jpa.of(here).edit(Page.class, page.id, each -> each.title = "here again");
        Jpa.of(there).edit(Page.class, page.id, each -> each.subtitle = "there");
        exchange();
        for (Instance instance : new Instance[] {here, there}) {
            Page merged = Jpa.of(instance).find(Page.class, page.id);
            assertThat(merged.title).isEqualTo("here again");
            assertThat(merged.subtitle).isEqualTo("there");
        }
        assertThat(Jpa.of(here).find(Page.class, page.id).version)
                .isNotEqualTo(Jpa.of(there).find(Page.class, page.id).version);
        assertThat(send(here, there).applied() + send(there, here).applied()).isZero();
    }

    @Test
    void noVersionIsEverSent() {
        page();
        Memo memo = new Memo();
        persistInBoth(memo);
        Jpa.of(here).edit(Memo.class, memo.id, each -> each.text = "edited");
        assertThat(here.service().changes(ChangeQuery.ALL).changes())
                .isNotEmpty()
                .extracting(Change::cid)
                .doesNotContain("version", "order");
        assertThat(here.service().tables())
                .flatExtracting(ReplicatedTable::columns)
                .isNotEmpty()
                .doesNotContain("version", "order");
    }

    @Test
    void aRowThatArrivesHasAVersionAlsoWhereItsTypeIsAWrapper() {
        Memo memo = new Memo();
        persistInBoth(memo);
        assertThat(Jpa.of(there).find(Memo.class, memo.id).version).isZero();
        Jpa.of(there).edit(Memo.class, memo.id, each -> each.text = "there");
        assertRefusedAfterMerge(Memo.class, memo.id, each -> each.text = "edited", each -> each.text = "stale");
    }

    @Test
    void tablesOfAJoinedHierarchyCountInTheRootsRow() {
        Lift lift = new Lift();
        persistInBoth(lift);
        assertRefused(Lift.class, lift.id, each -> each.floors++, each -> each.reach = 7);
        assertRefusedAfterMerge(Lift.class, lift.id, each -> each.floors++, each -> each.reach = 7);
        assertRefusedAfterMerge(Lift.class, lift.id, each -> each.reach++, each -> each.name = "stale");
        assertRefusedAfterMerge(Lift.class, lift.id, each -> each.name = "edited", each -> each.floors = 7);
    }

    @Test
    void secondaryTablesCountToo() {
        Page page = page();
        assertRefused(Page.class, page.id, each -> each.body = "edited", each -> each.title = "stale");
        assertRefusedAfterMerge(Page.class, page.id, each -> each.body = "edited too", each -> each.title = "stale");
        assertRefusedAfterMerge(Page.class, page.id, each -> each.body = null, each -> each.title = "stale");
        assertRefusedAfterMerge(Page.class, page.id, each -> each.body = "anew", each -> each.title = "stale");
    }

    @Test
    void whatAnEntityCollectsCountsAsItDoesLocally() {
        Page page = page();
        Memo memo = new Memo();
        persistInBoth(memo);
        assertRefused(Page.class, page.id, each -> each.notes.put("top", "edited"), each -> each.title = "stale");
        assertRefusedAfterMerge(
                Page.class, page.id, each -> each.notes.put("top", "edited too"), each -> each.title = "stale");
        assertRefusedAfterMerge(Page.class, page.id, each -> each.notes.clear(), each -> each.title = "stale");
        assertRefusedAfterMerge(
                Page.class, page.id, each -> each.memos.add(memo), each -> each.notes.put("bottom", "stale"));
    }

    @Test
    void aCollectionThatIsExcludedDoesNotCount() {
        Page page = page();
        exchange();
        Runnable merge = () -> {
            Jpa.of(there).edit(Page.class, page.id, each -> each.visits.add("now"));
            assertThat(send(there, here).applied()).isPositive();
        };
        writeStale(Page.class, page.id, merge, each -> each.title = "not stale");
        assertThat(Jpa.of(here).find(Page.class, page.id).title).isEqualTo("not stale");
    }

    @Test
    void everyClassOfATablePerClassHierarchyCountsInItsOwnTable() {
        for (Shop shop : new Shop[] {new Shop(), new Kiosk(), new Cart()}) {
            persistInBoth(shop);
            Class<Shop> type = Shop.class;
            assertRefused(type, shop.id, each -> each.street = "edited", each -> each.name = "stale");
            assertRefusedAfterMerge(type, shop.id, each -> each.street = "edited too", each -> each.name = "stale");
            assertRefusedAfterMerge(type, shop.id, each -> each.tags.add("open"), each -> each.name = "stale");
            if (shop instanceof Kiosk) {
                assertRefusedAfterMerge(
                        Kiosk.class, shop.id, each -> each.papers.add("daily"), each -> each.name = "stale");
            }
            assertThat(Jpa.of(here).find(type, shop.id).name).isNull();
        }
        assertThat(here.service().tables())
                .flatExtracting(ReplicatedTable::columns)
                .doesNotContain("version");
    }

    @Test
    void tablePerClassAndCompositeKeys() {
        Saw saw = new Saw();
        persistInBoth(saw);
        assertRefusedAfterMerge(Saw.class, saw.id, each -> each.teeth++, each -> each.name = "stale");
        assertRefusedAfterMerge(Saw.class, saw.id, each -> each.parts.add("blade"), each -> each.name = "stale");
        Cell cell = new Cell();
        cell.x = 1;
        cell.y = 2;
        persistInBoth(cell);
        CellId id = new CellId(1, 2);
        assertRefusedAfterMerge(Cell.class, id, each -> each.content = "edited", each -> each.content = "stale");
        assertRefusedAfterMerge(Cell.class, id, each -> each.marks.add("x"), each -> each.content = "stale");
    }
}
