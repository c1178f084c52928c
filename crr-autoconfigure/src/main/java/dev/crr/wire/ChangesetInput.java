package dev.crr.wire;

import dev.crr.Epoch;
import dev.crr.MalformedChangesetException;
import dev.crr.SiteId;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/** Takes values of the types it is asked for from a parser that stands at them, or tells what was wrong and where. */
class ChangesetInput {

    static final int MAX_NAME_LENGTH = 2048;

    private final JsonParser parser;
    private final WireFormat format;
    private int change = -1;

    ChangesetInput(JsonParser parser, WireFormat format) {
        this.parser = parser;
        this.format = format;
    }

    /** From here on, faults belong to this change; -1 for none. */
    void inChange(int index) {
        change = index;
    }

    MalformedChangesetException malformed(String message, @Nullable Throwable cause) {
        return new MalformedChangesetException(change, message, cause);
    }

    MalformedChangesetException expected(String what, String expectation) {
        return malformed(what + " must be " + expectation + ", but is " + described(parser.currentToken()), null);
    }

    MalformedChangesetException unreadable(JacksonException failure) {
        return malformed("not valid " + format + ": " + failure.getOriginalMessage() + place(failure), failure);
    }

    @Nullable JsonToken next() {
        return parser.nextToken();
    }

    boolean at(JsonToken token) {
        return parser.currentToken() == token;
    }

    /** Goes to the next member's value and gives its name, or null at the end of the object. */
    @Nullable String nextMember() {
        String name = parser.nextName();
        if (name != null) {
            parser.nextToken();
        }
        return name;
    }

    void skip() {
        parser.skipChildren();
    }

    long integer(String what) {
        if (!at(JsonToken.VALUE_NUMBER_INT)) {
            throw expected(what, "an integer");
        }
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw malformed(what + " must be an integer of at most 64 bits", null);
        }
        return parser.getLongValue();
    }

    double real(String what) {
        return finite(what, parser.getDoubleValue());
    }

    double finite(String what, double value) {
        if (Double.isInfinite(value)) {
            throw malformed(what + " must be within the range of a double", null);
        }
        return value;
    }

    boolean atBytes() {
        return false;
    }

    /** What the format has for bytes. */
    byte[] bytes(String what) {
        try {
            return Base64.getDecoder().decode(string(what));
        } catch (IllegalArgumentException e) {
            throw malformed(what + " must be base64", e);
        }
    }

    boolean bool(String what) {
        if (!at(JsonToken.VALUE_TRUE) && !at(JsonToken.VALUE_FALSE)) {
            throw expected(what, "true or false");
        }
        return parser.getBooleanValue();
    }

    String string(String what) {
        if (!at(JsonToken.VALUE_STRING)) {
            throw expected(what, "a string");
        }
        String text = parser.getString();
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
                    throw malformed(what + " must be well-formed Unicode, but has half a surrogate pair", null);
                }
                i++;
            }
        }
        return text;
    }

    String name(String what) {
        String name = string(what);
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw malformed(what + " must have 1 to " + MAX_NAME_LENGTH + " characters", null);
        }
        return name;
    }

    SiteId siteId(String what) {
        return hex(what, SiteId::parse);
    }

    Epoch epoch(String what) {
        return hex(what, Epoch::parse);
    }

    <T> T required(@Nullable T value, String what) {
        if (value == null) {
            throw malformed(what + " is missing", null);
        }
        return value;
    }

    private <T> T hex(String what, Function<String, T> parse) {
        String hex = string(what);
        try {
            return parse.apply(hex);
        } catch (IllegalArgumentException e) {
            throw malformed(what + " must be 32 lower-case hexadecimal digits", e);
        }
    }

    private String place(JacksonException failure) {
        TokenStreamLocation location = failure.getLocation();
        if (location == null) {
            return "";
        }
        return format == WireFormat.JSON
                ? " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")"
                : " (at byte " + location.getByteOffset() + ")";
    }

    private static String described(@Nullable JsonToken token) {
        if (token == null) {
            return "missing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a number with a point or exponent";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case VALUE_EMBEDDED_OBJECT -> "a byte string or a simple value";
            default -> "something else";
        };
    }
}
