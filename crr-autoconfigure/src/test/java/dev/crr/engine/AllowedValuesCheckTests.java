package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedValuesCheckTests {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '#',
            delimiter = '|',
            value = {
                "c text check ((c in ('A'))) | c text check ((c in ('A','B''s')))",
                "\"c\" text CHECK (\"c\" IN ('X', 'A')) | \"c\" text CHECK (\"c\" in ('X','A','B''s'))",
                "c text check (c in ('A','B''s')) | c text check (c in ('A','B''s'))",
                "c text, cc text check (cc in ('A')) | c text, cc text check (cc in ('A'))",
                "c text check (length(c) < 3) | c text check (length(c) < 3)",
                "c text check (c in (SELECT v FROM t)) | c text check (c in (SELECT v FROM t))",
            })
    void addsWhatIsMissing(String before, String after) {
        assertThat(AllowedValuesCheck.widened(before, new AllowedValues("t", "c", List.of("'A'", "'B''s'"))))
                .isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "check ((c between 0 and 1)) | check ((c between 0 and 2))",
                "check ((c between 0 and 2)) | check ((c between 0 and 2))",
                "check ((c between 0 and 3)) | check ((c between 0 and 3))",
                "check (c in (0,1)) | check (c in (0,1,2))",
            })
    void addsNumbers(String before, String after) {
        assertThat(AllowedValuesCheck.widened(before, new AllowedValues("t", "c", List.of("0", "1", "2"))))
                .isEqualTo(after);
    }
}
