package dev.crr.mapping;

import dev.crr.Crr;
import dev.crr.LocalOnly;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hierarchies of every kind with attributes of every kind. What begins with "secret" is to stay, what begins with "open" to go. */
final class LocalShapes {

    static final Class<?>[] ALL = {
        Target.class,
        Holder.class,
        SingleRoot.class,
        SingleMiddle.class,
        SingleLeaf.class,
        JoinedRoot.class,
        JoinedMiddle.class,
        JoinedLeaf.class,
        TableRoot.class,
        TableMiddle.class,
        TableLeaf.class,
        AbstractRoot.class,
        AbstractMiddle.class,
        AbstractLeaf.class,
        Flat.class
    };

    private LocalShapes() {}

    @Embeddable
    static class Inner {
        @Column(name = "open_inner")
        String open = "open inner";

        @LocalOnly
        @Column(name = "hush_inner")
        String secret = "secret inner";
    }

    @Embeddable
    static class Outer {
        @Column(name = "open_outer")
        String open = "open outer";

        @LocalOnly
        @Column(name = "hush_outer")
        String secret = "secret outer";

        @Embedded
        Inner inner = new Inner();

        @LocalOnly
        @ManyToOne
        @JoinColumn(name = "target_of_outer")
        Target target;
    }

    @Embeddable
    static class Mark {
        @Column(name = "open_mark")
        String open = "open mark";

        @LocalOnly
        @Column(name = "hush_mark")
        String secret = "secret mark";
    }

    @Crr
    @Entity(name = "target")
    static class Target {
        @Id
        String id = "secret target";
    }

    @MappedSuperclass
    abstract static class Base {
        @Id
        String id;

        @Version
        long version;

        String open = "open";

        @LocalOnly
        String hush = "secret";
    }

    @MappedSuperclass
    abstract static class Common extends Base {
        @Embedded
        Outer outer = new Outer();

        @LocalOnly
        @Embedded
        @AttributeOverride(name = "open", column = @Column(name = "hidden_open"))
        @AttributeOverride(name = "secret", column = @Column(name = "hidden_secret"))
        Inner hidden = new Inner();

        @LocalOnly
        @ManyToOne
        Target target;

        @ElementCollection
        @MapKeyColumn(name = "place")
        Map<String, Outer> places = new HashMap<>();

        @ElementCollection
        @OrderColumn(name = "position")
        List<Outer> steps = new ArrayList<>();

        @LocalOnly
        @ElementCollection
        @Column(nullable = false)
        Set<String> diary = new HashSet<>();

        @LocalOnly
        @ManyToMany
        Set<Target> targets = new HashSet<>();

        void fill(String id, Target target) {
            this.id = id;
            this.target = target;
            this.hidden.open = "secret, though called open";
            this.outer.target = target;
            Outer place = new Outer();
            place.target = target;
            places.put("home", place);
            Outer step = new Outer();
            step.target = target;
            steps.add(step);
            diary.add("secret diary");
            targets.add(target);
        }
    }

    @Crr
    @Entity(name = "single_root")
    @Inheritance(strategy = InheritanceType.SINGLE_TABLE)
    static class SingleRoot extends Common {}

    @Entity(name = "single_middle")
    static class SingleMiddle extends SingleRoot {
        String middleOpen = "open middle";

        @LocalOnly
        String middleHush = "secret middle";

        @ElementCollection
        @MapKeyColumn(name = "place")
        Map<String, Mark> middlePlaces = new HashMap<>(Map.of("there", new Mark()));

        @Embedded
        @AttributeOverride(name = "open", column = @Column(name = "middle_open_inner"))
        @AttributeOverride(name = "secret", column = @Column(name = "middle_secret_inner"))
        Inner middleInner = new Inner();
    }

    @Entity(name = "single_leaf")
    static class SingleLeaf extends SingleMiddle {
        String leafOpen = "open leaf";

        @LocalOnly
        String leafHush = "secret leaf";
    }

    @Crr
    @Entity(name = "joined_root")
    @Inheritance(strategy = InheritanceType.JOINED)
    static class JoinedRoot extends Common {}

    @Entity(name = "joined_middle")
    static class JoinedMiddle extends JoinedRoot {
        String middleOpen = "open middle";

        @LocalOnly
        String middleHush = "secret middle";

        @ElementCollection
        @MapKeyColumn(name = "place")
        Map<String, Mark> middlePlaces = new HashMap<>(Map.of("there", new Mark()));

        @Embedded
        @AttributeOverride(name = "open", column = @Column(name = "middle_open_inner"))
        @AttributeOverride(name = "secret", column = @Column(name = "middle_secret_inner"))
        Inner middleInner = new Inner();
    }

    @Entity(name = "joined_leaf")
    static class JoinedLeaf extends JoinedMiddle {
        String leafOpen = "open leaf";

        @LocalOnly
        String leafHush = "secret leaf";
    }

    @Crr
    @Entity(name = "table_root")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    static class TableRoot extends Common {}

    @Entity(name = "table_middle")
    static class TableMiddle extends TableRoot {
        String middleOpen = "open middle";

        @LocalOnly
        String middleHush = "secret middle";

        @ElementCollection
        @MapKeyColumn(name = "place")
        Map<String, Mark> middlePlaces = new HashMap<>(Map.of("there", new Mark()));

        @Embedded
        @AttributeOverride(name = "open", column = @Column(name = "middle_open_inner"))
        @AttributeOverride(name = "secret", column = @Column(name = "middle_secret_inner"))
        Inner middleInner = new Inner();
    }

    @Entity(name = "table_leaf")
    static class TableLeaf extends TableMiddle {
        String leafOpen = "open leaf";

        @LocalOnly
        String leafHush = "secret leaf";
    }

    @Crr
    @Entity(name = "abstract_root")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    abstract static class AbstractRoot extends Common {}

    @Entity(name = "abstract_middle")
    static class AbstractMiddle extends AbstractRoot {
        String middleOpen = "open middle";

        @LocalOnly
        String middleHush = "secret middle";

        @ElementCollection
        @MapKeyColumn(name = "place")
        Map<String, Mark> middlePlaces = new HashMap<>(Map.of("there", new Mark()));

        @Embedded
        @AttributeOverride(name = "open", column = @Column(name = "middle_open_inner"))
        @AttributeOverride(name = "secret", column = @Column(name = "middle_secret_inner"))
        Inner middleInner = new Inner();
    }

    @Entity(name = "abstract_leaf")
    static class AbstractLeaf extends AbstractMiddle {
        String leafOpen = "open leaf";

        @LocalOnly
        String leafHush = "secret leaf";
    }

    /** Without a hierarchy, and with a secondary table. */
    @Crr
    @Entity(name = "flat")
    @SecondaryTable(name = "flat_more", pkJoinColumns = @PrimaryKeyJoinColumn(name = "flat"))
    static class Flat extends Common {
        @Column(table = "flat_more")
        String moreOpen = "open more";

        @LocalOnly
        @Column(table = "flat_more")
        String moreHush = "secret more";
    }

    /** Its collections are foreign keys in the tables of the elements. */
    @Crr
    @Entity(name = "holder")
    static class Holder {
        @Id
        String id = "secret holder";

        @LocalOnly
        @OneToMany
        @JoinColumn(name = "joined_holder")
        Set<JoinedRoot> joined = new HashSet<>();

        @LocalOnly
        @OneToMany
        @JoinColumn(name = "table_holder")
        Set<TableRoot> tables = new HashSet<>();

        @LocalOnly
        @OneToMany
        @JoinColumn(name = "abstract_holder")
        @OrderColumn(name = "abstract_position")
        List<AbstractRoot> abstracts = new ArrayList<>();
    }
}
