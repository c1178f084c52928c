package dev.crr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crr.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The byte examples of sections 8.2 and 8.3 of the cr-sqlite semantics, in Java and in the view. */
class PackedKeyTests {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    static Stream<Arguments> examples() {
        return Stream.of(
                example("0101", 0),
                example("010901", 1),
                example("01092A", 42),
                example("01097F", 127),
                example("010980", 128),
                example("0109FF", 255),
                example("01110100", 256),
                example("0111FFFF", 65535),
                example("0119010000", 65536),
                example("0119FFFFFF", 16777215),
                example("012101000000", 16777216),
                example("01217FFFFFFF", Integer.MAX_VALUE),
                example("012180000000", 1L << 31),
                example("0121FFFFFFFF", (1L << 32) - 1),
                example("01290100000000", 1L << 32),
                example("0129FFFFFFFFFF", (1L << 40) - 1),
                example("0131010000000000", 1L << 40),
                example("013901000000000000", 1L << 48),
                example("0139FFFFFFFFFFFFFF", (1L << 56) - 1),
                example("01410100000000000000", 1L << 56),
                example("01417FFFFFFFFFFFFFFF", Long.MAX_VALUE),
                example("0141FFFFFFFFFFFFFFFF", -1),
                example("0141FFFFFFFFFFFFFF80", -128),
                example("01418000000000000000", Long.MIN_VALUE),
                example("0103", ""),
                example("010B0161", "a"),
                example("010B02C3A9", "é"),
                example("010B036F6E65", "one"),
                example("010BFF" + "78".repeat(255), "x".repeat(255)),
                example("01130100" + "78".repeat(256), "x".repeat(256)),
                example("0104", new byte[0]),
                example("010C020001", new byte[] {0, 1}),
                example("011C011170" + "00".repeat(70_000), new byte[70_000]),
                example("010B03610062", "a\0b"),
                example("0209040905", 4, 5),
                example("0209010B0161", 1, "a"),
                example("03090C0B037374720C03010203", 12, "str", new byte[] {1, 2, 3}),
                example("03011998968041FFFFFFFFFFD9DA60", 0, 10_000_000, -2_500_000));
    }

    static Arguments example(String hex, Object... values) {
        List<Value> key = new ArrayList<>();
        for (Object value : values) {
            key.add(
                    value instanceof Number number
                            ? Value.of(number.longValue())
                            : value instanceof String text ? Value.of(text) : Value.of((byte[]) value));
        }
        return Arguments.of(hex, key);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void packAndUnpack(String hex, List<Value> key) {
        assertThat(HEX.formatHex(PackedKey.pack(key))).isEqualTo(hex);
        assertThat(PackedKey.unpack(HEX.parseHex(hex))).isEqualTo(key);
    }

    @Test
    void theViewPacksTheSameBytes(@TempDir Path folder) {
        try (Replica replica = new Replica(folder.resolve("a.db"))) {
            replica.run(
                            "CREATE TABLE k1 (a PRIMARY KEY NOT NULL)",
                            "CREATE TABLE k2 (a NOT NULL, b NOT NULL, PRIMARY KEY (a, b))",
                            "CREATE TABLE k3 (a NOT NULL, b NOT NULL, c NOT NULL, PRIMARY KEY (a, b, c))",
                            "CREATE TABLE rowid_key (a INTEGER PRIMARY KEY NOT NULL)",
                            "CREATE TABLE text_key (a TEXT PRIMARY KEY NOT NULL)",
                            "CREATE TABLE int_key (a INT PRIMARY KEY NOT NULL)")
                    .install("k1", "k2", "k3", "rowid_key", "text_key", "int_key");
            List<String> expected = new ArrayList<>();
            examples().forEach(example -> {
                String hex = (String) example.get()[0];
                @SuppressWarnings("unchecked")
                List<Value> key = (List<Value>) example.get()[1];
                String literals = String.join(
                        ", ", key.stream().map(PackedKeyTests::literal).toList());
                List<String> tables = new ArrayList<>(List.of("k" + key.size()));
                if (key.size() == 1) {
                    tables.addAll(
                            key.get(0) instanceof Value.Int
                                    ? List.of("rowid_key", "int_key")
                                    : List.of("text_key", "int_key"));
                }
                for (String table : tables) {
                    replica.run("INSERT INTO " + table + " VALUES (" + literals + ")");
                    expected.add("'" + table + "'|'" + hex + "'");
                }
            });
            assertThat(replica.query("SELECT \"table\", hex(pk) FROM crsql_changes"))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static String literal(Value value) {
        return value instanceof Value.Text text
                ? "CAST(x'" + HEX.formatHex(text.value().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        + "' AS TEXT)"
                : value.toString();
    }

    @Test
    void realsNullsAndNothingUnpackToo() {
        assertThat(PackedKey.unpack(HEX.parseHex("01023FF8000000000000"))).containsExactly(Value.of(1.5));
        assertThat(PackedKey.unpack(HEX.parseHex("01028000000000000000"))).containsExactly(Value.of(0.0));
        assertThat(PackedKey.unpack(HEX.parseHex("0105"))).containsExactly(Value.NULL);
        assertThat(PackedKey.unpack(HEX.parseHex("00"))).isEmpty();
        assertThat(PackedKey.unpack(HEX.parseHex("050B03787C790C0201FF0502400400000000000041FFFFFFFFFFFFFFFD")))
                .containsExactly(
                        Value.of("x|y"), Value.of(new byte[] {1, -1}), Value.NULL, Value.of(2.5), Value.of(-3));
        assertThat(HEX.formatHex(PackedKey.pack(List.of(Value.of(1.0))))).isEqualTo("01023FF0000000000000");
    }

    @Test
    void wideIntegersAreTheSameNumber() {
        assertThat(PackedKey.unpack(HEX.parseHex("01110001"))).containsExactly(Value.of(1));
        assertThat(PackedKey.unpack(HEX.parseHex("0109FF"))).containsExactly(Value.of(255));
    }

    @Test
    void textThatIsNotUnicodeKeepsItsBytes() {
        assertThat(PackedKey.unpack(HEX.parseHex("010B02C328")))
                .containsExactly(new Value.RawText(new byte[] {(byte) 0xC3, 0x28}));
        assertThat(HEX.formatHex(PackedKey.pack(List.of(new Value.RawText(new byte[] {(byte) 0xC3, 0x28})))))
                .isEqualTo("010B02C328");
    }

    @ParameterizedTest
    @CsvSource({
        "'', ends too early",
        "01, ends too early",
        "0109, ends too early",
        "0149000000000000000000, integer of 9 bytes",
        "01F9, integer of 31 bytes",
        "010B05616263, ends within a value of 5 bytes",
        "012C000000000561, length of 5 bytes",
        "0100, unknown type 0",
        "0106, unknown type 6",
        "0107, unknown type 7",
        "01090100, 1 bytes after its last value",
        "010BFF, ends within a value of 255 bytes"
    })
    void malformedKeysAreRefusedWithAReason(String hex, String reason) {
        assertThatThrownBy(() -> PackedKey.unpack(HEX.parseHex(hex)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
