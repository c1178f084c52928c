package dev.crr.mapping;

import dev.crr.Crr;
import dev.crr.LocalOnly;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.OrderColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Mappings that lose something or diverge, and one that is only unwise. */
final class BadShapes {

    private BadShapes() {}

    @Crr
    @Entity(name = "counted")
    static class Counted {
        @Id
        @GeneratedValue(strategy = GenerationType.IDENTITY)
        Long id;
    }

    @Crr
    @Entity(name = "account")
    static class Account {
        @Id
        UUID id = UUID.randomUUID();

        @Column(unique = true)
        String login;
    }

    @Crr
    @Entity(name = "diary")
    static class Diary {
        @Id
        UUID id = UUID.randomUUID();

        @ElementCollection
        @CollectionTable(name = "diary_line")
        List<String> lines = new ArrayList<>();
    }

    @Crr
    @Entity(name = "payment")
    static class Payment {
        @Id
        UUID id = UUID.randomUUID();

        BigDecimal amount;

        BigInteger iban;
    }

    @Embeddable
    static class Cost {
        BigDecimal paid;

        @Embedded
        Fee fee;
    }

    @Embeddable
    static class Fee {
        BigInteger fee;
    }

    /** The columns are those of the subclasses' tables, and of the collection's. */
    @Crr
    @Entity(name = "figure")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    abstract static class Figure {
        @Id
        UUID id = UUID.randomUUID();

        BigDecimal area;

        @ElementCollection
        @CollectionTable(name = "figure_cost")
        Map<String, Cost> costs = new HashMap<>();
    }

    @Entity(name = "disc")
    static class Disc extends Figure {
        BigDecimal rim;
    }

    @Entity(name = "coin")
    static class Coin extends Disc {
        @Column(precision = 15)
        BigDecimal worth;
    }

    /** Part of the key, which cannot stay local. */
    @Embeddable
    record Spot(String place, @LocalOnly String note) {}

    @Crr
    @Entity(name = "spotted")
    static class Spotted {
        @Id
        UUID id = UUID.randomUUID();

        @ElementCollection
        @CollectionTable(name = "spotted_by_spot")
        Map<Spot, String> bySpot = new HashMap<>();
    }

    @Crr
    @Entity(name = "birthday")
    static class Birthday {
        @Id
        UUID id = UUID.randomUUID();

        LocalDate date;
    }

    @Crr
    @Entity(name = "unwise")
    static class Unwise {
        @Id
        UUID id = UUID.randomUUID();

        String[] tags = {"a"};

        @ElementCollection
        @CollectionTable(name = "unwise_step")
        @OrderColumn
        List<String> steps = new ArrayList<>(List.of("one"));
    }
}
