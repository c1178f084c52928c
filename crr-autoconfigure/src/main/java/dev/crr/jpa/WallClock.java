package dev.crr.jpa;

import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.JavaType;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as the driver's text, without a detour over a time zone: for the driver a local time is one of the JVM's zone,
 * where it need not exist, and an instant is a wall clock's time there.
 *
 * @param <X> the Java type
 * @param type its descriptor
 */
record WallClock<X>(JavaType<X> type) {

    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    /** What else there may be comes from migrations and other programs. */
    private static final DateTimeFormatter READ = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("[' ']['T']")
            .appendOptional(DateTimeFormatter.ISO_LOCAL_TIME)
            .toFormatter(Locale.ROOT);

    /** Null if the type is none of those that suffer from the detour. */
    static <X> @Nullable WallClock<X> of(JavaType<X> type, int jdbcType) {
        Class<?> java = type.getJavaTypeClass();
        boolean local = java == LocalDate.class || java == LocalTime.class || java == LocalDateTime.class;
        boolean instant = jdbcType == Types.TIMESTAMP
                && (java == java.util.Date.class || java == Timestamp.class || java == java.util.Calendar.class);
        return local || instant ? new WallClock<>(type) : null;
    }

    String text(X value, WrapperOptions options) {
        return WRITTEN.format(dateTime(value, options));
    }

    private LocalDateTime dateTime(X value, WrapperOptions options) {
        if (value instanceof LocalDate date) {
            return date.atStartOfDay();
        } else if (value instanceof LocalTime time) {
            return time.atDate(LocalDate.EPOCH);
        } else if (value instanceof LocalDateTime dateTime) {
            return dateTime;
        }
        Timestamp instant = type.unwrap(value, Timestamp.class, options);
        return LocalDateTime.ofInstant(instant.toInstant(), ZoneOffset.UTC);
    }

    /** Null if it is of no form that is known here. */
    @Nullable X value(String text, WrapperOptions options) {
        LocalDateTime dateTime;
        try {
            TemporalAccessor parsed = READ.parse(text);
            LocalTime time = parsed.query(TemporalQueries.localTime());
            dateTime = LocalDate.from(parsed).atTime(time == null ? LocalTime.MIDNIGHT : time);
        } catch (DateTimeParseException other) {
            return null;
        }
        Class<?> java = type.getJavaTypeClass();
        if (java == LocalDate.class) {
            return type.wrap(dateTime.toLocalDate(), options);
        } else if (java == LocalTime.class) {
            return type.wrap(dateTime.toLocalTime(), options);
        } else if (java == LocalDateTime.class) {
            return type.wrap(dateTime, options);
        }
        return type.wrap(Timestamp.from(dateTime.toInstant(ZoneOffset.UTC)), options);
    }
}
