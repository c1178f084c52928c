package dev.crr.autoconfigure;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.TableGenerator;
import java.util.List;
import java.util.function.Supplier;

/** Local entities whose numbers come from a table. */
final class GeneratedKeys {

    static final Class<?>[] CLASSES = {Auto.class, OfTable.class, OfSequence.class, Pooled.class};

    static final List<Supplier<Object>> ALL = List.of(Auto::new, OfTable::new, OfSequence::new, Pooled::new);

    private GeneratedKeys() {}

    @Entity(name = "AutoKey")
    static class Auto {
        @Id
        @GeneratedValue
        Long id;
    }

    @Entity(name = "TableKey")
    static class OfTable {
        @Id
        @TableGenerator(name = "of_table", allocationSize = 1)
        @GeneratedValue(strategy = GenerationType.TABLE, generator = "of_table")
        Long id;
    }

    @Entity(name = "SequenceKey")
    static class OfSequence {
        @Id
        @SequenceGenerator(name = "of_sequence", allocationSize = 1)
        @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "of_sequence")
        Long id;
    }

    @Entity(name = "PooledKey")
    static class Pooled {
        @Id
        @TableGenerator(name = "pooled", allocationSize = 5)
        @GeneratedValue(strategy = GenerationType.TABLE, generator = "pooled")
        Long id;
    }
}
