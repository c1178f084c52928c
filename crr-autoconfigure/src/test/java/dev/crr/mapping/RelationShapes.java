package dev.crr.mapping;

import dev.crr.Crr;
import dev.crr.LocalOnly;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.SecondaryTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.ColumnDefault;
import org.hibernate.annotations.NotFound;
import org.hibernate.annotations.NotFoundAction;

/** One entity per way to spread an object over tables, or to relate it to others. */
final class RelationShapes {

    static final Class<?>[] ALL = {
        Pet.class,
        Cat.class,
        Vessel.class,
        Boat.class,
        Figure.class,
        Disc.class,
        Profile.class,
        Member.class,
        Team.class,
        Task.class,
        Badge.class,
        Local.class
    };

    private RelationShapes() {}

    @Crr
    @Entity(name = "pet")
    @Inheritance(strategy = InheritanceType.SINGLE_TABLE)
    static class Pet {
        @Id
        UUID id = UUID.randomUUID();

        String name;
    }

    @Entity(name = "cat")
    static class Cat extends Pet {
        int lives;
    }

    @Crr
    @Entity(name = "vessel")
    @Inheritance(strategy = InheritanceType.JOINED)
    static class Vessel {
        @Id
        UUID id = UUID.randomUUID();

        String name;
    }

    @Entity(name = "boat")
    static class Boat extends Vessel {
        int sails;
    }

    @Crr
    @Entity(name = "figure")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    abstract static class Figure {
        @Id
        UUID id = UUID.randomUUID();

        String name;
    }

    @Entity(name = "disc")
    static class Disc extends Figure {
        double radius;
    }

    @Crr
    @Entity(name = "profile")
    @SecondaryTable(name = "profile_photo")
    static class Profile {
        @Id
        UUID id = UUID.randomUUID();

        String name;

        @Column(table = "profile_photo")
        byte[] photo;
    }

    @Crr
    @Entity(name = "member")
    static class Member {
        @Id
        UUID id = UUID.randomUUID();

        String name;

        @ElementCollection
        @CollectionTable(name = "member_mail")
        @Column(name = "mail", nullable = false)
        Set<String> mails = new HashSet<>();

        @ElementCollection
        @CollectionTable(name = "member_setting")
        @MapKeyColumn(name = "setting")
        Map<String, String> settings = new HashMap<>();

        @ElementCollection
        @CollectionTable(name = "member_step")
        @OrderColumn
        List<String> steps = new ArrayList<>();
    }

    @Crr
    @Entity(name = "team")
    static class Team {
        @Id
        UUID id = UUID.randomUUID();

        @ManyToMany
        @JoinTable(name = "team_member")
        Set<Member> members = new HashSet<>();

        @OneToMany
        @JoinColumn(name = "team_id")
        Set<Task> open = new HashSet<>();

        @OneToMany
        @JoinTable(name = "team_done")
        Set<Task> done = new HashSet<>();
    }

    @Crr
    @Entity(name = "task")
    static class Task {
        @Id
        UUID id = UUID.randomUUID();

        @ManyToOne
        @NotFound(action = NotFoundAction.IGNORE)
        Member assignee;

        String title;
    }

    @Crr
    @Entity(name = "badge")
    static class Badge {
        @Id
        UUID id = UUID.randomUUID();

        @OneToOne
        Member holder;
    }

    @Crr
    @Entity(name = "local_part")
    static class Local {
        @Id
        UUID id = UUID.randomUUID();

        String shared;

        @LocalOnly
        String draft;

        @LocalOnly
        @ColumnDefault("7")
        int zoom = 1;
    }
}
