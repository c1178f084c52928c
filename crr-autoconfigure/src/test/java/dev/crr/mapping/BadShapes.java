package dev.crr.mapping;

import dev.crr.Crr;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.OrderColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
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
