package dev.crr.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.MalformedChangesetException;
import dev.crr.RandomChangesets;
import dev.crr.SiteId;
import dev.crr.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the same in both formats is in {@link ChangesetCodecTests} and {@link MalformedChangesetTests}. */
class CborTests {

    private static final SiteId SITE = SiteId.parse("00112233445566778899aabbccddeeff");
    private static final String HEX_OF_SITE =
            HexFormat.of().formatHex(SITE.toString().getBytes(StandardCharsets.US_ASCII));

    private final ChangesetCodec codec = new ChangesetCodec(1000);

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenReadsBackEqual(NumberStyle numbers) throws IOException {
        long seed = new Random().nextLong();
        RandomChangesets changesets = new RandomChangesets(seed);
        for (int i = 0; i < 300; i++) {
            Changeset changeset = changesets.next();
            assertThat(read(write(changeset, numbers)))
                    .as("seed %d, changeset %d", seed, i)
                    .isEqualTo(changeset);
        }
    }

    @Test
    void theFormIsAsAgreed() throws IOException {
        Changeset changeset = new Changeset(
                SITE,
                Epoch.parse("ffeeddccbbaa99887766554433221100"),
                5,
                9,
                null,
                null,
                false,
                List.of(new Change(
                        "deck", List.of(Value.of("k"), Value.of(2)), "w", Value.of(600.0), 3, 8, SITE, 1, 2)));
        String expected = "a6" // a map of six
                + "66" + ascii("siteId") + "7820" + HEX_OF_SITE
                + "65" + ascii("epoch") + "7820" + ascii("ffeeddccbbaa99887766554433221100")
                + "65" + ascii("since") + "05"
                + "67" + ascii("version") + "09"
                + "64" + ascii("more") + "f4"
                + "67" + ascii("changes") + "81" // an array of one
                + "a9"
                + "65" + ascii("table") + "64" + ascii("deck")
                + "62" + ascii("pk") + "82" + "61" + ascii("k") + "02"
                + "66" + ascii("siteId") + "7820" + HEX_OF_SITE
                + "69" + ascii("dbVersion") + "08"
                + "62" + ascii("cl") + "01"
                + "6a" + ascii("colVersion") + "03"
                + "63" + ascii("seq") + "02"
                + "63" + ascii("cid") + "61" + ascii("w")
                + "63" + ascii("val") + "fb4082c00000000000"; // a double
        assertThat(HexFormat.of().formatHex(write(changeset, NumberStyle.PLAIN)))
                .isEqualTo(expected);
    }

    @Test
    void valuesAreOfTheTypesThatCborHas() throws IOException {
        assertThat(written(Value.NULL)).isEqualTo("f6");
        assertThat(written(Value.of(Long.MAX_VALUE))).isEqualTo("1b7fffffffffffffff");
        assertThat(written(Value.of(Long.MIN_VALUE))).isEqualTo("3b7fffffffffffffff");
        assertThat(written(Value.of(1.5))).isEqualTo("fb3ff8000000000000");
        assertThat(written(Value.of(Double.NEGATIVE_INFINITY))).isEqualTo("fbfff0000000000000");
        assertThat(written(Value.of("ä"))).isEqualTo("62c3a4");
        assertThat(written(Value.of(new byte[] {1, -1}))).isEqualTo("4201ff");
        assertThat(written(new Value.RawText(new byte[] {-1}))).isEqualTo("a1" + "64" + ascii("text") + "41ff");
    }

    @Test
    void longStringsAreInOnePiece() throws IOException {
        assertThat(written(Value.of("€".repeat(100_000)))).startsWith("7a000493e0e282ac");
        assertThat(written(Value.of(new byte[100_000]))).startsWith("5a000186a000");
        // Around the sizes of all of Jackson's buffers.
        for (int length = 1; length < 70_000; length = length * 5 / 4 + 1) {
            Changeset changeset = changeset(Value.of("€".repeat(length)));
            assertThat(read(write(changeset, NumberStyle.PLAIN))).isEqualTo(changeset);
            assertThat(HexFormat.of()
                            .formatHex(write(changeset, NumberStyle.PLAIN))
                            .indexOf("7f", 200))
                    .as("start of an indefinite text of length %d", length)
                    .isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "1805, 5", // not the shortest form
                "1b0000000000000005, 5",
                "f94200, 3.0", // half
                "fa40400000, 3.0", // single
                "f97c00, Infinity",
                "a163696e746135, 5", // {"int": "5"}
                "7f6161ff, 'a'", // indefinite text
                "bf647465787441" + "61ff, 'a'", // {"text": h'61'}, indefinite
            })
    void otherSpellingsOfTheSameAreRead(String hex, String value) throws IOException {
        assertThat(readValue(hex)).hasToString(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "f97e00 | \"val\" must be a number, but is NaN",
                "fb7ff8000000000001 | \"val\" must be a number, but is NaN",
                "1b8000000000000000 | \"val\" must be an integer of at most 64 bits",
                "3b8000000000000000 | \"val\" must be an integer of at most 64 bits",
                "c249010000000000000000 | \"val\" must be an integer of at most 64 bits",
                "c24105 | \"val\" must be an integer of at most 64 bits",
                "c48221196ab3 | \"val\" must be a floating-point number",
                "c5820103 | CBOR tags are not understood, but there is tag 5",
                "c11a514b67b0 | CBOR tags are not understood, but there is tag 1",
                "d9d9f705 | CBOR tags are not understood, but there is tag 55799",
                "f7 | \"val\" must be null, a number", // undefined
                "e0 | \"val\" must be null, a number", // a simple value
                "f820 | \"val\" must be null, a number",
                "f5 | \"val\" must be null, a number", // true
                "80 | \"val\" must be null, a number", // []
                "a0 | \"val\" must have exactly one of the members",
                "a164626c6f626461413d3d | \"val\" must be a byte string, but is a string",
                "a163696e7405 | \"val\" must be a string, but is an integer",
                "ff | not valid CBOR", // a break without a beginning
                "1c | not valid CBOR", // reserved
                "62c328 | not valid CBOR", // not UTF-8
                "63eda080 | well-formed Unicode", // half a surrogate pair
            })
    void otherValuesAreRefused(String hex, String message) {
        MalformedChangesetException refusal = refusal(withValue(hex));
        assertThat(refusal).hasMessageContaining(message);
        assertThat(refusal.index()).isZero();
    }

    /** Lengths of gigabytes, or more, of which not one byte comes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5a7fffffff", "5b7fffffffffffffff", "5bffffffffffffffff", "7a7fffffff", "7b7fffffffffffffff",
                "9a7fffffff", "9b7fffffffffffffff", "ba7fffffff", "bb7fffffffffffffff", "bbffffffffffffffff",
                "c25a7fffffff", "5f5a7fffffff", "7f7a7fffffff"
            })
    void announcedLengthsAreNotBelieved(String hex) {
        byte[] whole = withValue(hex);
        assertThat(refusal(whole)).isNotNull();
        // The same where nobody looks.
        byte[] member = HexFormat.of().parseHex("bf" + "6178" + hex);
        assertThat(refusal(member)).isNotNull();
    }

    @Test
    void membersAreBoundedAndDistinct() {
        assertThat(refusal(HexFormat.of().parseHex("a2" + "6573696e636501" + "6573696e636501")))
                .hasMessageContaining("uplicate");
        assertThat(refusal(HexFormat.of().parseHex("a1" + "6178" + "81".repeat(40) + "00")))
                .hasMessageContaining("nesting depth");
        assertThat(refusal(HexFormat.of().parseHex("a1" + "66" + ascii("siteId") + "50" + "00".repeat(16))))
                .hasMessageContaining("\"siteId\" must be a string, but is a byte string");
        assertThat(refusal(HexFormat.of().parseHex("a1" + "65" + ascii("since") + "fb3ff0000000000000")))
                .hasMessageContaining("\"since\" must be an integer, but is a number with a point");
        assertThat(refusal(HexFormat.of().parseHex("d9d9f7a0"))).hasMessageContaining("tags are not understood");
        assertThat(refusal(HexFormat.of().parseHex("a1" + "0102"))).isNotNull();
        assertThat(refusal(new byte[0])).hasMessage("a changeset must be an object, but is missing");
    }

    @Test
    void nothingMayFollow() throws IOException {
        byte[] good = write(changeset(Value.of(1)), NumberStyle.PLAIN);
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThat(refusal(longer)).hasMessage("there must be nothing after the changeset");
    }

    @Test
    void truncatedAnywhereItIsRefused() throws IOException {
        byte[] whole = write(new RandomChangesets(7).next(), NumberStyle.PLAIN);
        for (int length = 0; length < whole.length; length++) {
            assertThat(refusal(Arrays.copyOf(whole, length)))
                    .as("cut after %d bytes", length)
                    .isNotNull();
        }
    }

    @Test
    void aFormatThatIsNotThereIsRefused() {
        ChangesetCodec jsonOnly = new ChangesetCodec(10, Set.of());
        assertThat(jsonOnly.speaks(WireFormat.CBOR)).isFalse();
        assertThat(jsonOnly.speaks(WireFormat.JSON)).isTrue();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> jsonOnly.read(new ByteArrayInputStream(new byte[0]), WireFormat.CBOR));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTooLargeTellsHowToGoOn(WireFormat format) throws IOException {
        Change small = new Change("t", List.of(Value.of(1)), "a", Value.of(1), 1, 1, SITE, 1, 0);
        Change large = new Change("t", List.of(Value.of(1)), "b", Value.of("x".repeat(200_000)), 1, 1, SITE, 1, 1);
        Change other = new Change("t", List.of(Value.of(2)), "a", Value.of(1), 1, 1, SITE, 1, 0);

        ChangesetTooLargeException one = tooLarge(format, large);
        assertThat(one).hasMessage("the body is larger than 100000 bytes, at table \"t\", key [1]");
        assertThat(one.rest()).isEqualTo(new Changeset(SITE, null, 3, 4, null, null, true, List.of()));
        assertThat(tooLarge(format, small, large).rest()).isNotNull();
        // What comes along would be lost.
        assertThat(tooLarge(format, other, large).rest()).isNull();
        assertThat(tooLarge(format, other, small, large).rest()).isNull();
    }

    private ChangesetTooLargeException tooLarge(WireFormat format, Change... changes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.write(
                new Changeset(SITE, null, 3, 4, null, null, true, List.of(changes)), out, format, NumberStyle.PLAIN);
        return catchThrowableOfType(
                ChangesetTooLargeException.class,
                () -> codec.read(
                        new SizeLimitedInputStream(new ByteArrayInputStream(out.toByteArray()), 100_000), format));
    }

    private static Changeset changeset(Value value) {
        Change change = new Change("t", List.of(Value.of("k")), "c", value, 1, 1, SITE, 1, 0);
        return new Changeset(SITE, null, 0, 1, null, null, false, List.of(change));
    }

    /** The value is what is written last. */
    private byte[] withValue(String hex) {
        try {
            String whole = HexFormat.of().formatHex(write(changeset(Value.NULL), NumberStyle.PLAIN));
            assertThat(whole).endsWith("f6");
            return HexFormat.of().parseHex(whole.substring(0, whole.length() - 2) + hex);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private Value readValue(String hex) throws IOException {
        return read(withValue(hex)).changes().get(0).val();
    }

    private String written(Value value) throws IOException {
        String whole = HexFormat.of().formatHex(write(changeset(value), NumberStyle.PLAIN));
        return whole.substring(whole.lastIndexOf(ascii("val")) + 6);
    }

    private byte[] write(Changeset changeset, NumberStyle numbers) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.write(changeset, out, WireFormat.CBOR, numbers);
        return out.toByteArray();
    }

    private Changeset read(byte[] bytes) throws IOException {
        return codec.read(new ByteArrayInputStream(bytes), WireFormat.CBOR);
    }

    private MalformedChangesetException refusal(byte[] bytes) {
        return catchThrowableOfType(MalformedChangesetException.class, () -> read(bytes));
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
