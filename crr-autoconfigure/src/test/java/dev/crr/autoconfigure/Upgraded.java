package dev.crr.autoconfigure;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.ColumnDefault;

/** Entities of two versions of an application. */
final class Upgraded {

    private Upgraded() {}

    static final Class<?>[] ONE = {OrderOne.class, Item.class, LabelOne.class, Scratch.class};
    static final Class<?>[] TWO = {OrderTwo.class, Item.class, LabelTwo.class, Group.class};

    @Crr
    @Entity(name = "Order")
    @Table(name = "`order`")
    static class OrderOne {
        @Id
        String id;

        String title;
        String note;
    }

    @Crr
    @Entity(name = "Order")
    @Table(name = "`order`")
    static class OrderTwo {
        @Id
        String id;

        @jakarta.persistence.Column(nullable = false)
        @ColumnDefault("'open'")
        String status;

        String remark;
    }

    @Crr
    @Entity(name = "Item")
    static class Item {
        @Id
        String id;

        String unit;
    }

    @Crr
    @Entity(name = "Label")
    @Table(name = "label")
    static class LabelOne {
        @Id
        String id;

        String name;
    }

    @Entity(name = "Label")
    @Table(name = "label")
    static class LabelTwo {
        @Id
        String id;

        String name;
    }

    @Crr
    @Entity(name = "Scratch")
    @Table(name = "scratch")
    static class Scratch {
        @Id
        String id;

        String v;
    }

    @Crr
    @Entity(name = "Group")
    @Table(name = "`group`")
    static class Group {
        @Id
        String id;

        String name;
    }
}
