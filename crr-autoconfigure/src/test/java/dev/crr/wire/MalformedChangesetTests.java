package dev.crr.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crr.ChangesetBounds;
import dev.crr.MalformedChangesetException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedChangesetTests {

    private static final String CHANGE = "{'table':'t','pk':[1],'cid':'c','val':'v','colVersion':1,'dbVersion':2,"
            + "'siteId':'00112233445566778899aabbccddeeff','cl':1,'seq':0}";
    private static final String CHANGESET =
            "{'siteId':'00112233445566778899aabbccddeeff','since':1,'version':2,'changes':[" + CHANGE + "," + CHANGE
                    + "]}";

    private final ChangesetCodec codec = new ChangesetCodec(100);

    /** A piece of a good changeset, what to put in its last occurrence's place, the index and the message. */
    static Stream<Arguments> malformed() {
        return Stream.of(
                replaced("'since':1,", "", -1, "\"since\" is missing"),
                replaced("'version':2,", "", -1, "\"version\" is missing"),
                replaced("'since':1", "'since':'1'", -1, "\"since\" must be an integer, but is a string"),
                replaced("'since':1", "'since':1.0", -1, "\"since\" must be an integer, but is a number with a point"),
                replaced("'since':1", "'since':1e2", -1, "\"since\" must be an integer"),
                replaced("'since':1", "'since':null", -1, "\"since\" must be an integer, but is null"),
                replaced(
                        "'since':1",
                        "'since':9223372036854775808",
                        -1,
                        "\"since\" must be an integer of at most 64 bits"),
                replaced("'since':1", "'since':1,'since':1", -1, "Duplicate"),
                replaced("'since':1", "'since':1,'more':0", -1, "\"more\" must be true or false, but is an integer"),
                replaced("'since':1", "'since':1,'scope':''", -1, "\"scope\" must have 1 to 2048 characters"),
                replaced(
                        "'since':1",
                        "'since':1,'epoch':'00'",
                        -1,
                        "\"epoch\" must be 32 lower-case hexadecimal digits"),
                replaced("'since':1", "'since':1,'exclude':7", -1, "\"exclude\" must be a string, but is an integer"),
                replaced("'since':1", "'since':1,'horizons':{}", -1, "\"horizons\" must be an array"),
                replaced("'since':1", "'since':1,'horizons':[7]", -1, "a member of \"horizons\" must be an object"),
                replaced("'since':1", "'since':1,'horizons':[{}]", -1, "\"siteId\" of a horizon is missing"),
                replaced("'since':1", "'since':1,'horizons':[{'run':0}]", -1, "\"run\" of a horizon must be from 1"),
                replaced(
                        "'since':1",
                        "'since':1,'horizons':[{'members':{'x':1}}]",
                        -1,
                        "a member of a horizon must be named by 32 lower-case"),
                replaced("'since':1", "'since':NaN", -1, "not valid JSON"),
                replaced("'since':1", "'since':01", -1, "not valid JSON"),
                replaced("'since':1", "'x':" + "[".repeat(40) + "]".repeat(40) + ",'since':1", -1, "nesting depth"),
                replaced("'since':1", "'x':" + "1".repeat(2000) + ",'since':1", -1, "umber"),
                replaced(
                        "{'siteId':'00112233445566778899aabbccddeeff'",
                        "{'siteId':'00112233445566778899AABBCCDDEEFF'",
                        -1,
                        "\"siteId\" must be 32 lower-case"),
                replaced(
                        "'changes':[" + CHANGE + "," + CHANGE + "]",
                        "'changes':{}",
                        -1,
                        "\"changes\" must be an array, but is an object"),
                replaced("'changes':[" + CHANGE + "," + CHANGE + "]", "'x':1", -1, "\"changes\" is missing"),
                replaced("]}", "]} 1", -1, "nothing after the changeset"),
                replaced("]}", "]}]", -1, "not valid JSON"),
                replaced("]}", "]", -1, "not valid JSON"),
                replaced(CHANGE, "7", 1, "change 1: a change must be an object, but is an integer"),
                replaced(CHANGE, "x", 1, "change 1: not valid JSON"),
                replaced("'table':'t',", "", 1, "change 1: \"table\" is missing"),
                replaced("'table':'t'", "'table':''", 1, "\"table\" must have 1 to 2048 characters"),
                replaced(
                        "'table':'t'",
                        "'table':'" + "t".repeat(2049) + "'",
                        1,
                        "\"table\" must have 1 to 2048 characters"),
                replaced("'table':'t'", "'table':'t','table':'t'", 1, "Duplicate"),
                replaced("'pk':[1]", "'pk':[]", 1, "\"pk\" must have 1 to 255 values"),
                replaced("'pk':[1]", "'pk':[" + "1,".repeat(255) + "1]", 1, "\"pk\" must have 1 to 255 values"),
                replaced("'pk':[1]", "'pk':1", 1, "\"pk\" must be an array, but is an integer"),
                replaced(
                        "'pk':[1]", "'pk':[[1]]", 1, "a value of \"pk\" must be null, a number, a string or an object"),
                replaced("'val':'v',", "", 1, "\"val\" is missing"),
                replaced("'val':'v'", "'val':true", 1, "\"val\" must be null, a number, a string or an object"),
                replaced("'val':'v'", "'val':1e400", 1, "\"val\" must be within the range of a double"),
                replaced("'val':'v'", "'val':9223372036854775808", 1, "\"val\" must be an integer of at most 64 bits"),
                replaced("'val':'v'", "'val':{'int':5}", 1, "\"val\" must be a string, but is an integer"),
                replaced("'val':'v'", "'val':{'int':'05'}", 1, "\"val\" must be an integer"),
                replaced(
                        "'val':'v'",
                        "'val':{'int':'9223372036854775808'}",
                        1,
                        "\"val\" must be an integer of at most 64 bits"),
                replaced("'val':'v'", "'val':{'int':'1.0'}", 1, "\"val\" must be an integer"),
                replaced("'val':'v'", "'val':{'real':'NaN'}", 1, "\"val\" must be a real number"),
                replaced("'val':'v'", "'val':{'real':'0x1p3'}", 1, "\"val\" must be a real number"),
                replaced("'val':'v'", "'val':{'real':'1e400'}", 1, "\"val\" must be within the range of a double"),
                replaced("'val':'v'", "'val':{'blob':'_w=='}", 1, "\"val\" must be base64"),
                replaced("'val':'v'", "'val':{'blob':'AA\\n=='}", 1, "\"val\" must be base64"),
                replaced(
                        "'val':'v'",
                        "'val':{'blob':'AA==','int':'1'}",
                        1,
                        "\"val\" must have no other member beside \"blob\""),
                replaced("'val':'v'", "'val':{}", 1, "\"val\" must have exactly one of the members"),
                replaced("'val':'v'", "'val':{'date':'2020'}", 1, "\"val\" must have exactly one of the members"),
                replaced("'val':'v'", "'val':'\\ud800'", 1, "\"val\" must be well-formed Unicode"),
                replaced("'val':'v'", "'val':'\\udc00\\ud800'", 1, "\"val\" must be well-formed Unicode"),
                replaced("'pk':[1]", "'pk':['\\ud800x']", 1, "a value of \"pk\" must be well-formed Unicode"),
                replaced("'cl':1", "'cl':'1'", 1, "\"cl\" must be an integer, but is a string"),
                replaced("'colVersion':1", "'colVersion':1.0", 1, "\"colVersion\" must be an integer"),
                replaced("'dbVersion':2", "'dbVersion':true", 1, "\"dbVersion\" must be an integer, but is a boolean"),
                replaced("'seq':0", "'seq':[0]", 1, "\"seq\" must be an integer, but is an array"),
                replaced("'seq':0", "'x':0", 1, "\"seq\" is missing"),
                // What parses, but cannot be
                replaced("'cl':1", "'cl':0", 1, "\"cl\" must be at least 1"),
                replaced("'cl':1", "'cl':9007199254740992", 1, "\"cl\" must be at least 1 and less than 2^53"),
                replaced("'colVersion':1", "'colVersion':-1", 1, "\"colVersion\" must be at least 0"),
                replaced("'colVersion':1", "'colVersion':9007199254740992", 1, "less than 2^53"),
                replaced("'dbVersion':2", "'dbVersion':-1", 1, "\"dbVersion\" must not be negative"),
                replaced("'seq':0", "'seq':-1", 1, "\"seq\" must not be negative"),
                replaced(
                        "'cid':'c','val':'v','colVersion':1",
                        "'cid':'-1','val':null,'colVersion':3",
                        1,
                        "must equal its \"cl\" (1), but is 3"),
                replaced("'cid':'c'", "'cid':'-1'", 1, "a row record's \"val\" must be null"),
                replaced("'pk':[1]", "'pk':[1,null]", 1, "\"pk\" must not contain null"),
                replaced("'since':1", "'since':-1", -1, "\"since\" must not be negative"),
                replaced("'since':1", "'since':3", -1, "\"version\" must not be less than \"since\" (3), but is 2"));
    }

    private static Arguments replaced(String piece, String by, int index, String message) {
        int at = CHANGESET.lastIndexOf(piece);
        assertThat(at).as(piece).isNotNegative();
        String text = CHANGESET.substring(0, at) + by + CHANGESET.substring(at + piece.length());
        return Arguments.of(text.replace('\'', '"'), index, message);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void isRefused(String text, int index, String message) {
        MalformedChangesetException refusal = refusal(text.getBytes(StandardCharsets.UTF_8));
        assertThat(refusal).as(text).hasMessageContaining(message);
        assertThat(refusal.index()).isEqualTo(index);
    }

    @Test
    void whatIsReplacedIsGood() throws Exception {
        ChangesetBounds.check(codec.read(
                new ByteArrayInputStream(CHANGESET.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
                WireFormat.JSON));
    }

    @Test
    void bytesThatAreNotUnicodeAreRefused() {
        for (String bytes : new String[] {"\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080"}) {
            MalformedChangesetException refusal = refusal(CHANGESET
                    .replace('\'', '"')
                    .replace("\"v\"", "\"" + bytes + "\"")
                    .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(refusal).hasMessageContaining("not valid UTF-8");
        }
    }

    @Test
    void anEmptyBodyIsRefused() {
        assertThat(refusal(new byte[0])).hasMessage("a changeset must be an object, but is missing");
    }

    @Test
    void truncatedAnywhereItIsRefused() {
        byte[] whole = CHANGESET.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = new byte[length];
            System.arraycopy(whole, 0, part, 0, length);
            assertThat(refusal(part)).as("cut after %d bytes", length).isNotNull();
        }
    }

    private MalformedChangesetException refusal(byte[] text) {
        return catchThrowableOfType(
                MalformedChangesetException.class,
                () -> ChangesetBounds.check(codec.read(new ByteArrayInputStream(text), WireFormat.JSON)));
    }
}
