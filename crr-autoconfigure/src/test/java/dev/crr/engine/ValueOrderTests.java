package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 7 of the cr-sqlite semantics. */
class ValueOrderTests {

    @Test
    void eachValueBeatsAllBeforeIt() {
        List<Value> ascending = List.of(
                Value.NULL,
                Value.of(new byte[] {}),
                Value.of(new byte[] {0x61}),
                Value.of(new byte[] {0x61, 0}),
                Value.of(new byte[] {0x62}),
                Value.of(new byte[] {(byte) 0xFF}),
                Value.of(""),
                Value.of("10"),
                Value.of("9"),
                Value.of("B"),
                Value.of("a"),
                Value.of("a\0"),
                Value.of("b"),
                new Value.RawText(new byte[] {(byte) 0xC3, 0x28}),
                Value.of("é"),
                Value.of("\uFFFF"),
                Value.of("\uD800\uDC00"),
                Value.of(Double.NEGATIVE_INFINITY),
                Value.of(-1e308),
                Value.of(0.0),
                Value.of(1.0),
                Value.of(2.5),
                Value.of(1e308),
                Value.of(Double.POSITIVE_INFINITY),
                Value.of(Long.MIN_VALUE),
                Value.of(0),
                Value.of(1),
                Value.of(2),
                Value.of(1_000_000_000_000_000_000L));
        for (int i = 0; i < ascending.size(); i++) {
            for (int j = 0; j < ascending.size(); j++) {
                assertThat(Integer.signum(ValueOrder.INSTANCE.compare(ascending.get(i), ascending.get(j))))
                        .as("%s against %s", ascending.get(i), ascending.get(j))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void negativeZeroEqualsZero() {
        assertThat(ValueOrder.INSTANCE.compare(Value.of(-0.0), Value.of(0.0))).isZero();
        assertThat(Value.of(-0.0)).isEqualTo(Value.of(0.0));
    }
}
