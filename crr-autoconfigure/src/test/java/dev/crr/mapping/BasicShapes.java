package dev.crr.mapping;

import dev.crr.Crr;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Lob;
import jakarta.persistence.MappedSuperclass;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.GeneratedColumn;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.SoftDelete;
import org.hibernate.type.SqlTypes;

/** One entity per way to map a value or a key. */
final class BasicShapes {

    static final Class<?>[] ALL = {
        Basics.class,
        Times.class,
        Numbers.class,
        Contents.class,
        TextKeyed.class,
        EmbeddedKeyed.class,
        ClassKeyed.class,
        Inherited.class,
        Erasable.class,
        Computed.class
    };

    private BasicShapes() {}

    enum Level {
        LOW,
        HIGH
    }

    @Crr
    @Entity(name = "basics")
    static class Basics {
        @Id
        UUID id = UUID.randomUUID();

        boolean aBoolean;
        byte aByte;
        short aShort;
        int anInt;
        long aLong;
        float aFloat;
        double aDouble;
        char aChar = 'x';
        Boolean maybeBoolean;
        Byte maybeByte;
        Short maybeShort;
        Integer maybeInt;
        Long maybeLong;
        Float maybeFloat;
        Double maybeDouble;
        Character maybeChar;

        @Column(nullable = false)
        String string = "";

        String maybeString;

        @Enumerated
        Level ordinal;

        @Enumerated(EnumType.STRING)
        Level named;

        @Embedded
        Address address;
    }

    @Embeddable
    record Address(String street, Integer number) {}

    @Crr
    @Entity(name = "times")
    static class Times {
        @Id
        String id;

        Instant instant;
        Date date;
        LocalDate localDate;
        LocalTime localTime;
        LocalDateTime localDateTime;
        OffsetDateTime offsetDateTime;
        Duration duration;
    }

    @Crr
    @Entity(name = "numbers")
    static class Numbers {
        @Id
        UUID id = UUID.randomUUID();

        @JdbcTypeCode(SqlTypes.VARCHAR)
        BigDecimal decimal;

        @JdbcTypeCode(SqlTypes.VARCHAR)
        BigInteger integer;

        @Column(precision = 15, scale = 2)
        BigDecimal price;

        @Column(precision = 18)
        BigInteger count;
    }

    record Point(int x, int y) {}

    static class PointConverter implements AttributeConverter<Point, String> {
        @Override
        public String convertToDatabaseColumn(Point point) {
            return point == null ? null : point.x() + "/" + point.y();
        }

        @Override
        public Point convertToEntityAttribute(String column) {
            String[] parts = column == null ? null : column.split("/");
            return parts == null ? null : new Point(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        }
    }

    @Crr
    @Entity(name = "contents")
    static class Contents {
        @Id
        @JdbcTypeCode(SqlTypes.VARCHAR)
        UUID id = UUID.randomUUID();

        byte[] bytes;

        @Lob
        byte[] largeBytes;

        @Lob
        String largeText;

        @JdbcTypeCode(SqlTypes.JSON)
        Map<String, List<Integer>> json;

        @Convert(converter = PointConverter.class)
        Point point;
    }

    @Crr
    @Entity(name = "text_keyed")
    static class TextKeyed {
        @Id
        String id;

        String name;
    }

    @Embeddable
    record Place(UUID hall, int seat) {}

    @Crr
    @Entity(name = "embedded_keyed")
    static class EmbeddedKeyed {
        @EmbeddedId
        Place place;

        String guest;
    }

    record Line(String invoice, long number) implements Serializable {}

    @Crr
    @Entity(name = "class_keyed")
    @IdClass(Line.class)
    static class ClassKeyed {
        @Id
        String invoice;

        @Id
        long number;

        String article;
    }

    @MappedSuperclass
    abstract static class Base {
        @Id
        UUID id = UUID.randomUUID();

        String createdBy;
    }

    @Crr
    @Entity(name = "inherited")
    static class Inherited extends Base {
        String own;
    }

    @Crr
    @Entity(name = "erasable")
    @SoftDelete
    static class Erasable {
        @Id
        UUID id = UUID.randomUUID();

        String name;
    }

    @Crr
    @Entity(name = "computed")
    static class Computed {
        @Id
        UUID id = UUID.randomUUID();

        int a;

        @GeneratedColumn("a * 2")
        int doubled;
    }
}
