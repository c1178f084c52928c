package dev.crr.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.crr.Change;
import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.RandomChangesets;
import dev.crr.SiteId;
import dev.crr.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChangesetCodecTests {

    private static final SiteId SITE = SiteId.parse("00112233445566778899aabbccddeeff");

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
                List.of(
                        new Change("deck", List.of(Value.of("k"), Value.of(2)), "w", Value.of(600.0), 3, 8, SITE, 1, 2),
                        new Change(
                                "deck",
                                List.of(Value.of("k"), Value.of(2)),
                                Change.ROW,
                                Value.NULL,
                                3,
                                9,
                                SITE,
                                3,
                                0)));

        assertThat(write(changeset, NumberStyle.PLAIN))
                .isEqualTo(
                        "{\"siteId\":\"00112233445566778899aabbccddeeff\",\"epoch\":\"ffeeddccbbaa99887766554433221100\","
                                + "\"since\":5,\"version\":9,\"more\":false,\"changes\":["
                                + "{\"table\":\"deck\",\"pk\":[\"k\",2],\"siteId\":\"00112233445566778899aabbccddeeff\","
                                + "\"dbVersion\":8,\"cl\":1,\"colVersion\":3,\"seq\":2,\"cid\":\"w\",\"val\":600.0},"
                                + "{\"table\":\"deck\",\"pk\":[\"k\",2],\"siteId\":\"00112233445566778899aabbccddeeff\","
                                + "\"dbVersion\":9,\"cl\":3,\"colVersion\":3,\"seq\":0,\"cid\":\"-1\",\"val\":null}]}");
    }

    @Test
    void valuesAreWrittenSoThatTheyKeepTheirStorageClass() throws IOException {
        assertThat(written(Value.NULL)).isEqualTo("null");
        assertThat(written(Value.of(1L << 53))).isEqualTo("9007199254740992");
        assertThat(written(Value.of((1L << 53) + 1))).isEqualTo("{\"int\":\"9007199254740993\"}");
        assertThat(written(Value.of(Long.MIN_VALUE))).isEqualTo("{\"int\":\"-9223372036854775808\"}");
        assertThat(written(Value.of(1e21))).isEqualTo("1.0E21");
        assertThat(written(Value.of(Double.NEGATIVE_INFINITY))).isEqualTo("{\"real\":\"-Infinity\"}");
        assertThat(written(Value.of(new byte[] {1, -1}))).isEqualTo("{\"blob\":\"Af8=\"}");
        assertThat(written(new Value.RawText(new byte[] {-1}))).isEqualTo("{\"text\":\"/w==\"}");
    }

    @Test
    void numbersAreTaggedOnRequest() throws IOException {
        assertThat(written(Value.of(5), NumberStyle.TAGGED)).isEqualTo("{\"int\":\"5\"}");
        assertThat(written(Value.of(600.0), NumberStyle.TAGGED)).isEqualTo("{\"real\":\"600.0\"}");
        assertThat(written(Value.of(Double.POSITIVE_INFINITY), NumberStyle.TAGGED))
                .isEqualTo("{\"real\":\"Infinity\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5 | Int[value=5]",
                "-0 | Int[value=0]",
                "9223372036854775807 | Int[value=9223372036854775807]",
                "{\"int\":\"5\"} | Int[value=5]",
                "5.0 | Real[value=5.0]",
                "5e0 | Real[value=5.0]",
                "-0.0 | Real[value=0.0]",
                "1e-400 | Real[value=0.0]",
                "{\"real\":\"600\"} | Real[value=600.0]",
                "{\"real\":\"1e+21\"} | Real[value=1.0E21]",
                "{\"real\":\"-Infinity\"} | Real[value=-Infinity]",
            })
    void numbersAreReadInAllTheirForms(String value, String expected) throws IOException {
        Value read = readValue(value);
        assertThat(read)
                .isEqualTo(
                        expected.startsWith("Int")
                                ? Value.of(Long.parseLong(number(expected)))
                                : Value.of(Double.parseDouble(number(expected))));
    }

    @Test
    void taggedTextOfValidUnicodeIsText() throws IOException {
        assertThat(readValue("{\"text\":\"w6Q=\"}")).isEqualTo(Value.of("ä"));
        assertThat(readValue("{\"text\":\"/w==\"}")).isEqualTo(new Value.RawText(new byte[] {-1}));
    }

    @ParameterizedTest
    @EnumSource
    void horizonsReadBackEqual(WireFormat format) throws IOException {
        List<Horizon> horizons = List.of(
                new Horizon(SITE, 2, 7, Map.of(SITE, 7L, SiteId.parse("0".repeat(32)), 0L)),
                new Horizon(SiteId.parse("1".repeat(32)), 1, 0, Map.of()));
        Changeset changeset = new Changeset(SITE, null, 0, 7, null, null, false, List.of(), horizons);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.write(changeset, out, format, NumberStyle.PLAIN);
        assertThat(codec.read(new ByteArrayInputStream(out.toByteArray()), format))
                .isEqualTo(changeset);
    }

    @Test
    void theOrderOfMembersDoesNotMatter() throws IOException {
        List<String> header = new ArrayList<>(List.of(
                "\"siteId\":\"00112233445566778899aabbccddeeff\"", "\"since\":1", "\"version\":2", "\"more\":true"));
        List<String> change = new ArrayList<>(List.of(
                "\"table\":\"t\"",
                "\"pk\":[1]",
                "\"cid\":\"c\"",
                "\"val\":\"v\"",
                "\"colVersion\":1",
                "\"dbVersion\":2",
                "\"siteId\":\"00112233445566778899aabbccddeeff\"",
                "\"cl\":1",
                "\"seq\":0"));
        header.add("\"changes\":[{" + String.join(",", change) + "}]");
        Changeset expected = read("{" + String.join(",", header) + "}");
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(change, random);
            header.removeIf(member -> member.startsWith("\"changes\""));
            header.add("\"changes\":[{" + String.join(",", change) + "}]");
            Collections.shuffle(header, random);
            assertThat(read("{" + String.join(",", header) + "}"))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void unknownMembersAreIgnored() throws IOException {
        Changeset read =
                read("{\"siteId\":\"00112233445566778899aabbccddeeff\",\"future\":{\"a\":[1,{\"b\":null}]},\"since\":1,"
                        + "\"version\":2,\"epoch\":null,\"exclude\":null,\"scope\":null,\"more\":null,\"changes\":[]}");
        assertThat(read).isEqualTo(new Changeset(SITE, null, 1, 2, null, null, false, List.of()));
    }

    @Test
    void moreChangesThanAllowedAreTooLarge() throws IOException {
        Change change = new Change("t", List.of(Value.of(1)), "c", Value.NULL, 1, 1, SITE, 1, 0);
        Change next = new Change("t", List.of(Value.of(2)), "c", Value.NULL, 1, 1, SITE, 1, 0);
        String two =
                write(new Changeset(SITE, null, 0, 1, null, null, false, List.of(change, next)), NumberStyle.PLAIN);
        assertThat(new ChangesetCodec(2).read(bytes(two), WireFormat.JSON).changes())
                .hasSize(2);
        assertThatExceptionOfType(ChangesetTooLargeException.class)
                .isThrownBy(() -> new ChangesetCodec(1).read(bytes(two), WireFormat.JSON))
                .withMessage("the changeset has more than 1 changes");
    }

    @Test
    void theRowThatReachesTheLimitMayEnd() throws IOException {
        Change change = new Change("t", List.of(Value.of(1)), "c", Value.NULL, 1, 1, SITE, 1, 0);
        Change rest = new Change("t", List.of(Value.of(1)), "d", Value.NULL, 1, 1, SITE, 1, 0);
        String row =
                write(new Changeset(SITE, null, 0, 1, null, null, false, List.of(change, rest)), NumberStyle.PLAIN);
        assertThat(new ChangesetCodec(1).read(bytes(row), WireFormat.JSON).changes())
                .hasSize(2);
    }

    @Test
    void aFailureOfTheStreamIsNoFaultOfTheChangeset() {
        InputStream failing = new SequenceInputStream(bytes("{\"siteId\":"), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        });
        assertThatIOException()
                .isThrownBy(() -> codec.read(failing, WireFormat.JSON))
                .withMessage("reset");
    }

    @Test
    void aStreamIsReadUpToItsLimit() throws IOException {
        String text = write(new Changeset(SITE, null, 0, 1, null, null, false, List.of()), NumberStyle.PLAIN);
        assertThat(codec.read(new SizeLimitedInputStream(bytes(text), text.length()), WireFormat.JSON)
                        .version())
                .isEqualTo(1);
        assertThatExceptionOfType(ChangesetTooLargeException.class)
                .isThrownBy(
                        () -> codec.read(new SizeLimitedInputStream(bytes(text), text.length() - 1), WireFormat.JSON));
    }

    private static String number(String described) {
        return described.substring(described.indexOf('=') + 1, described.length() - 1);
    }

    private Value readValue(String value) throws IOException {
        return read("{\"siteId\":\"00112233445566778899aabbccddeeff\",\"since\":1,\"version\":2,\"changes\":[{\"table\":\"t\","
                        + "\"pk\":[1],\"cid\":\"c\",\"val\":" + value
                        + ",\"colVersion\":1,\"dbVersion\":2,\"siteId\":\"00112233445566778899aabbccddeeff\",\"cl\":1,\"seq\":0}]}")
                .changes()
                .get(0)
                .val();
    }

    private String written(Value value) throws IOException {
        return written(value, NumberStyle.PLAIN);
    }

    private String written(Value value, NumberStyle numbers) throws IOException {
        Change change = new Change("t", List.of(Value.of("k")), "c", value, 1, 1, SITE, 1, 0);
        String text = write(new Changeset(SITE, null, 0, 1, null, null, false, List.of(change)), numbers);
        return text.substring(text.indexOf("\"val\":") + 6, text.lastIndexOf("}]}"));
    }

    private String write(Changeset changeset, NumberStyle numbers) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.write(changeset, out, WireFormat.JSON, numbers);
        return out.toString(StandardCharsets.UTF_8);
    }

    private Changeset read(String text) throws IOException {
        return codec.read(bytes(text), WireFormat.JSON);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
