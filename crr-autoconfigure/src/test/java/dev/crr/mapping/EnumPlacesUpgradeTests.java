package dev.crr.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Crr;
import dev.crr.Instance;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.MapKeyEnumerated;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A constant is added to an enum, wherever Hibernate puts a CHECK that lists them. */
class EnumPlacesUpgradeTests {

    enum Color {
        RED
    }

    enum NewColor {
        RED,
        BLUE
    }

    @Crr
    @Entity(name = "figure")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    abstract static class Figure {
        @Id
        UUID id = UUID.randomUUID();

        @Enumerated(EnumType.STRING)
        Color color = Color.RED;
    }

    @Entity(name = "disc")
    static class Disc extends Figure {
        @Enumerated(EnumType.STRING)
        Color rim = Color.RED;
    }

    @Entity(name = "coin")
    static class Coin extends Disc {}

    @Embeddable
    static class Shade {
        @Enumerated(EnumType.STRING)
        Color shade = Color.RED;
    }

    @Embeddable
    record PaintId(@Enumerated(EnumType.STRING) Color color, int number) implements Serializable {}

    @Crr
    @Entity(name = "paint")
    static class Paint {
        @EmbeddedId
        PaintId id = new PaintId(Color.RED, 1);

        @ElementCollection
        @CollectionTable(name = "paint_shade")
        Map<String, Shade> shades = new HashMap<>();

        @ElementCollection
        @CollectionTable(name = "paint_mix")
        @MapKeyEnumerated(EnumType.STRING)
        @Column(name = "part")
        Map<Color, Integer> mix = new EnumMap<>(Color.class);
    }

    @Crr
    @Entity(name = "palette")
    @Inheritance(strategy = InheritanceType.JOINED)
    static class Palette {
        @Id
        @Enumerated(EnumType.STRING)
        Color id = Color.RED;
    }

    @Entity(name = "big_palette")
    static class BigPalette extends Palette {
        int size;
    }

    @Crr
    @Entity(name = "figure")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    abstract static class NewFigure {
        @Id
        UUID id = UUID.randomUUID();

        @Enumerated(EnumType.STRING)
        NewColor color = NewColor.BLUE;
    }

    @Entity(name = "disc")
    static class NewDisc extends NewFigure {
        @Enumerated(EnumType.STRING)
        NewColor rim = NewColor.BLUE;
    }

    @Entity(name = "coin")
    static class NewCoin extends NewDisc {}

    @Embeddable
    static class NewShade {
        @Enumerated(EnumType.STRING)
        NewColor shade = NewColor.BLUE;
    }

    @Embeddable
    record NewPaintId(@Enumerated(EnumType.STRING) NewColor color, int number) implements Serializable {}

    @Crr
    @Entity(name = "paint")
    static class NewPaint {
        @EmbeddedId
        NewPaintId id = new NewPaintId(NewColor.BLUE, 1);

        @ElementCollection
        @CollectionTable(name = "paint_shade")
        Map<String, NewShade> shades = new HashMap<>(Map.of("light", new NewShade()));

        @ElementCollection
        @CollectionTable(name = "paint_mix")
        @MapKeyEnumerated(EnumType.STRING)
        @Column(name = "part")
        Map<NewColor, Integer> mix = new EnumMap<>(Map.of(NewColor.BLUE, 1));
    }

    @Crr
    @Entity(name = "palette")
    @Inheritance(strategy = InheritanceType.JOINED)
    static class NewPalette {
        @Id
        @Enumerated(EnumType.STRING)
        NewColor id = NewColor.BLUE;
    }

    @Entity(name = "big_palette")
    static class NewBigPalette extends NewPalette {
        int size;
    }

    @TempDir
    Path directory;

    @Test
    @SuppressWarnings("try") // closed and started again in between
    void everyCheckIsWidened() {
        Class<?>[] before = {Figure.class, Disc.class, Coin.class, Paint.class, Palette.class, BigPalette.class};
        Class<?>[] after = {
            NewFigure.class, NewDisc.class, NewCoin.class, NewPaint.class, NewPalette.class, NewBigPalette.class
        };
        Instance older = new Instance(directory.resolve("older.db"));
        try (older;
                Instance newer = new Instance(directory.resolve("newer.db")).withPeer(older)) {
            older.start(before);
            newer.start(before);
            List<String> checked = newer.jdbc()
                    .queryForList(
                            "SELECT name FROM sqlite_master WHERE sql LIKE '%check%(%''RED''%' AND type = 'table'"
                                    + " AND name NOT LIKE '%crr%'",
                            String.class);
            assertThat(checked)
                    .as("tables whose CHECK is to be widened")
                    .contains("disc", "coin", "paint", "paint_shade", "paint_mix", "palette");

            newer.close();
            newer.start(after);
            Jpa.of(newer).persist(new NewDisc(), new NewCoin(), new NewPaint(), new NewBigPalette());
            newer.syncWell();
            assertThat(older.rows("disc")).isEmpty();

            older.close();
            older.start(after);
            for (String table : checked) {
                assertThat(older.rows(table))
                        .as(table)
                        .hasSize(1)
                        .usingRecursiveComparison()
                        .isEqualTo(newer.rows(table));
            }
            assertThat(older.service().quarantined()).isZero();
        }
    }
}
