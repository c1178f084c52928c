package dev.crr.mapping;

import dev.crr.Crr;
import dev.crr.LocalOnly;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.OneToOne;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.hibernate.annotations.Subselect;

/** Tables that several classes write to, of which a part only is to replicate. */
final class SharedShapes {

    private SharedShapes() {}

    @Entity(name = "single_doc")
    @Inheritance(strategy = InheritanceType.SINGLE_TABLE)
    static class SingleDoc {
        @Id
        String id;

        String text;
    }

    @Crr
    @Entity(name = "shared_single")
    static class SharedSingle extends SingleDoc {
        String topic;
    }

    @Entity(name = "private_single")
    static class PrivateSingle extends SingleDoc {
        String secret;
    }

    @Entity(name = "joined_doc")
    @Inheritance(strategy = InheritanceType.JOINED)
    abstract static class JoinedDoc {
        @Id
        String id;

        String text;
    }

    @Crr
    @Entity(name = "shared_joined")
    static class SharedJoined extends JoinedDoc {
        String topic;
    }

    @Entity(name = "private_joined")
    static class PrivateJoined extends JoinedDoc {
        String secret;
    }

    /** All its classes that have rows replicate. */
    @Entity(name = "abstract_doc")
    @Inheritance(strategy = InheritanceType.SINGLE_TABLE)
    abstract static class AbstractDoc {
        @Id
        String id;

        String text;
    }

    @Crr
    @Entity(name = "letter")
    static class Letter extends AbstractDoc {}

    @Crr
    @Entity(name = "memorandum")
    static class Memorandum extends AbstractDoc {}

    @Entity(name = "table_doc")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    static class TableDoc {
        @Id
        String id;

        String text;

        @LocalOnly
        String note;
    }

    @Crr
    @Entity(name = "shared_table")
    static class SharedTable extends TableDoc {
        String topic;
    }

    @Entity(name = "tagged_doc")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    static class TaggedDoc {
        @Id
        String id;

        @ElementCollection
        @Column(nullable = false)
        Set<String> tags = new HashSet<>();
    }

    @Crr
    @Entity(name = "shared_tagged")
    static class SharedTagged extends TaggedDoc {
        String topic;
    }

    @Crr
    @Entity(name = "plain")
    static class Plain {
        @Id
        String id;
    }

    @Entity(name = "plain_too")
    @Table(name = "\"PLAIN\"")
    static class PlainToo {
        @Id
        String id;

        String secret;
    }

    @Crr
    @Entity(name = "with_more")
    @SecondaryTable(name = "more", pkJoinColumns = @PrimaryKeyJoinColumn(name = "id"))
    static class WithMore {
        @Id
        String id;

        @Column(table = "more")
        String open;
    }

    @Entity(name = "with_more_too")
    @SecondaryTable(name = "more", pkJoinColumns = @PrimaryKeyJoinColumn(name = "id"))
    static class WithMoreToo {
        @Id
        String id;

        @Column(table = "more")
        String secret;
    }

    @Crr
    @Entity(name = "club")
    static class Club {
        @Id
        String id;

        @ManyToMany
        @JoinTable(
                name = "membership",
                joinColumns = @JoinColumn(name = "club"),
                inverseJoinColumns = @JoinColumn(name = "fan"))
        Set<Fan> fans = new HashSet<>();
    }

    @Crr
    @Entity(name = "fan")
    static class Fan {
        @Id
        String id;
    }

    record MembershipId(String club, String fan) implements Serializable {}

    @Entity(name = "membership")
    @IdClass(MembershipId.class)
    static class Membership {
        @Id
        String club;

        @Id
        String fan;
    }

    @Crr
    @Entity(name = "secret_club")
    static class SecretClub {
        @Id
        String id;

        @LocalOnly
        @ManyToMany
        @JoinTable(
                name = "membership",
                joinColumns = @JoinColumn(name = "club"),
                inverseJoinColumns = @JoinColumn(name = "fan"))
        Set<Fan> fans = new HashSet<>();
    }

    /** Reads the table of a replicated entity and writes nothing. */
    @Entity(name = "plain_count")
    @Subselect("select 'all' as id, count(*) as n from plain")
    static class PlainCount {
        @Id
        String id;

        long n;
    }

    @Embeddable
    static class Crew {
        @OneToOne
        Fan captain;
    }

    /** Hibernate would make its one-to-one associations unique. */
    @Entity(name = "vessel")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    abstract static class Vessel {
        @Id
        String id;

        @OneToOne
        Fan owner;

        @Embedded
        Crew crew = new Crew();

        @ElementCollection
        @MapKeyColumn(name = "boat")
        Map<String, Crew> boats = new HashMap<>();
    }

    @Crr
    @Entity(name = "tug")
    static class Tug extends Vessel {
        int power;
    }
}
