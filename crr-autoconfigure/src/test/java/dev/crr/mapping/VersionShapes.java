package dev.crr.mapping;

import dev.crr.Crr;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Version;
import java.io.Serializable;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.OptimisticLock;

/** Entities with optimistic locking. */
final class VersionShapes {

    static final Class<?>[] ALL = {
        Page.class,
        Memo.class,
        Machine.class,
        Crane.class,
        Lift.class,
        Tool.class,
        Saw.class,
        Shop.class,
        Kiosk.class,
        Cart.class,
        Cell.class
    };

    private VersionShapes() {}

    @Crr
    @Entity(name = "page")
    @SecondaryTable(name = "page_body", pkJoinColumns = @PrimaryKeyJoinColumn(name = "page"))
    static class Page {
        @Id
        UUID id = UUID.randomUUID();

        @Version
        long version;

        String title = "";

        String subtitle = "";

        @Column(table = "page_body")
        String body;

        @ElementCollection(fetch = FetchType.EAGER)
        @CollectionTable(name = "page_note")
        @MapKeyColumn(name = "place")
        Map<String, String> notes = new HashMap<>();

        @ManyToMany
        Set<Memo> memos = new HashSet<>();

        @ElementCollection
        @CollectionTable(name = "page_visit")
        @Column(nullable = false)
        @OptimisticLock(excluded = true)
        Set<String> visits = new HashSet<>();
    }

    /** The wrapper type, by whose null Spring Data would take a row for new; and a name to be quoted. */
    @Crr
    @Entity(name = "memo")
    static class Memo {
        @Id
        String id = UUID.randomUUID().toString();

        @Version
        @Column(name = "\"order\"", nullable = false)
        Integer version;

        String text;
    }

    @Crr
    @Entity(name = "machine")
    @Inheritance(strategy = InheritanceType.JOINED)
    static class Machine {
        @Id
        UUID id = UUID.randomUUID();

        @Version
        Short version;

        String name;
    }

    @Entity(name = "crane")
    @PrimaryKeyJoinColumn(name = "machine")
    static class Crane extends Machine {
        int reach;
    }

    @Entity(name = "lift")
    static class Lift extends Crane {
        int floors;
    }

    @Crr
    @Entity(name = "tool")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    abstract static class Tool {
        @Id
        UUID id = UUID.randomUUID();

        @Version
        long version;

        String name;

        @ElementCollection(fetch = FetchType.EAGER)
        @CollectionTable(name = "tool_part")
        @Column(nullable = false)
        Set<String> parts = new HashSet<>();
    }

    @Entity(name = "saw")
    static class Saw extends Tool {
        int teeth;
    }

    /** A class that has rows itself, as the one in the middle has. */
    @Crr
    @Entity(name = "shop")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    static class Shop {
        @Id
        UUID id = UUID.randomUUID();

        @Version
        long version;

        String name;

        String street = "";

        @ElementCollection(fetch = FetchType.EAGER)
        @CollectionTable(name = "shop_tag")
        @Column(nullable = false)
        Set<String> tags = new HashSet<>();
    }

    @Entity(name = "kiosk")
    static class Kiosk extends Shop {
        String corner;

        @ElementCollection(fetch = FetchType.EAGER)
        @CollectionTable(name = "kiosk_paper")
        @Column(nullable = false)
        Set<String> papers = new HashSet<>();
    }

    @Entity(name = "cart")
    static class Cart extends Kiosk {
        int wheels;
    }

    record CellId(int x, int y) implements Serializable {}

    @Crr
    @Entity(name = "cell")
    @IdClass(CellId.class)
    static class Cell {
        @Id
        int x;

        @Id
        int y;

        @Version
        long version;

        String content;

        @ElementCollection(fetch = FetchType.EAGER)
        @CollectionTable(name = "cell_mark")
        @Column(nullable = false)
        Set<String> marks = new HashSet<>();
    }

    /** Two writes may come at the same time. */
    @Crr
    @Entity(name = "stamped")
    @Inheritance(strategy = InheritanceType.JOINED)
    static class Stamped {
        @Id
        UUID id = UUID.randomUUID();

        @Version
        Instant changed;
    }

    @Entity(name = "stamped_twice")
    static class StampedTwice extends Stamped {
        String twice;
    }
}
