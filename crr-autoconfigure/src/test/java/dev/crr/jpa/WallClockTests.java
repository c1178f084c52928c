package dev.crr.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Objects;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.LocalDateJavaType;
import org.hibernate.type.descriptor.java.LocalDateTimeJavaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WallClockTests {

    /** Dates ask nothing of it. */
    private final WrapperOptions options = mock(WrapperOptions.class);

    private final WallClock<LocalDateTime> dateTimes =
            Objects.requireNonNull(WallClock.of(LocalDateTimeJavaType.INSTANCE, java.sql.Types.TIMESTAMP));

    @ParameterizedTest
    @CsvSource({
        "2026-03-08 02:30:00.123,       2026-03-08T02:30:00.123",
        "2026-03-08T02:30:00.123456789, 2026-03-08T02:30:00.123456789",
        "2026-03-08 02:30:00,           2026-03-08T02:30:00",
        "2026-03-08 02:30,              2026-03-08T02:30:00",
        "2026-03-08,                    2026-03-08T00:00:00",
        "-0044-03-15 12:00:00.000,      -0044-03-15T12:00:00",
        "soon,",
        "1772937000123,",
    })
    void readsWhatTheDriverAndWhatMigrationsWrite(String text, LocalDateTime expected) {
        assertThat(dateTimes.value(text, options)).isEqualTo(expected);
    }

    @Test
    void writesWhatTheDriverWrites() {
        assertThat(dateTimes.text(LocalDateTime.parse("2026-03-08T02:30:00.123456"), options))
                .isEqualTo("2026-03-08 02:30:00.123");
        WallClock<LocalDate> dates =
                Objects.requireNonNull(WallClock.of(LocalDateJavaType.INSTANCE, java.sql.Types.DATE));
        assertThat(dates.text(LocalDate.of(2026, 1, 2), options)).isEqualTo("2026-01-02 00:00:00.000");
    }
}
