package dev.crr.wire;

import dev.crr.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.core.JsonToken;

/** Reads single values. */
final class ValueReader {

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
    private static final Pattern REAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final int MAX_REAL_LENGTH = 1000;

    private final ChangesetInput in;

    ValueReader(ChangesetInput in) {
        this.in = in;
    }

    Value read(String what) {
        if (in.at(JsonToken.VALUE_STRING)) {
            return Value.of(in.string(what));
        }
        if (in.at(JsonToken.VALUE_NUMBER_INT)) {
            return Value.of(in.integer(what));
        }
        if (in.at(JsonToken.VALUE_NULL)) {
            return Value.NULL;
        }
        if (in.at(JsonToken.VALUE_NUMBER_FLOAT)) {
            return Value.of(in.real(what));
        }
        if (in.at(JsonToken.START_OBJECT)) {
            return readTagged(what);
        }
        if (in.atBytes()) {
            return Value.of(in.bytes(what));
        }
        throw in.expected(
                what, "null, a number, a string or an object with one of \"int\", \"real\", \"text\", \"blob\"");
    }

    private Value readTagged(String what) {
        String tag = in.nextMember();
        Value value;
        if ("blob".equals(tag)) {
            value = Value.of(in.bytes(what));
        } else if ("text".equals(tag)) {
            value = text(in.bytes(what));
        } else if ("int".equals(tag)) {
            value = integer(what);
        } else if ("real".equals(tag)) {
            value = real(what);
        } else {
            throw in.malformed(
                    what + " must have exactly one of the members \"int\", \"real\", \"text\", \"blob\"", null);
        }
        if (in.nextMember() != null) {
            throw in.malformed(what + " must have no other member beside \"" + tag + "\"", null);
        }
        return value;
    }

    private Value integer(String what) {
        String digits = in.string(what);
        if (INTEGER.matcher(digits).matches()) {
            try {
                return Value.of(Long.parseLong(digits));
            } catch (NumberFormatException e) {
                throw in.malformed(what + " must be an integer of at most 64 bits", e);
            }
        }
        throw in.malformed(what + " must be an integer of at most 64 bits", null);
    }

    private Value real(String what) {
        String number = in.string(what);
        if ("Infinity".equals(number)) {
            return Value.of(Double.POSITIVE_INFINITY);
        }
        if ("-Infinity".equals(number)) {
            return Value.of(Double.NEGATIVE_INFINITY);
        }
        if (number.length() > MAX_REAL_LENGTH || !REAL.matcher(number).matches()) {
            throw in.malformed(what + " must be a real number, \"Infinity\" or \"-Infinity\"", null);
        }
        return Value.of(in.finite(what, Double.parseDouble(number)));
    }

    private static Value text(byte[] bytes) {
        try {
            return Value.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException notUnicode) {
            return new Value.RawText(bytes);
        }
    }
}
