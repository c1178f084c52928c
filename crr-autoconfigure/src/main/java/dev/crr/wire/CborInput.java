package dev.crr.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.cbor.CBORParser;

/** Has bytes and all doubles as they are, and tags, none of which mean anything here. Jackson takes those of big numbers itself. */
final class CborInput extends ChangesetInput {

    private final CBORParser parser;

    CborInput(JsonParser parser) {
        super(parser, WireFormat.CBOR);
        this.parser = (CBORParser) parser;
    }

    @Override
    @Nullable JsonToken next() {
        JsonToken token = super.next();
        requireNoTag();
        return token;
    }

    @Override
    @Nullable String nextMember() {
        String name = super.nextMember();
        requireNoTag();
        return name;
    }

    @Override
    double real(String what) {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_DECIMAL) {
            throw malformed(what + " must be a floating-point number, but is a decimal fraction or big float", null);
        }
        double value = parser.getDoubleValue();
        if (Double.isNaN(value)) {
            throw malformed(what + " must be a number, but is NaN", null);
        }
        return value;
    }

    @Override
    boolean atBytes() {
        return at(JsonToken.VALUE_EMBEDDED_OBJECT) && parser.getEmbeddedObject() instanceof byte[];
    }

    @Override
    byte[] bytes(String what) {
        if (!atBytes()) {
            throw expected(what, "a byte string");
        }
        return parser.getBinaryValue();
    }

    private void requireNoTag() {
        if (parser.getCurrentTag() >= 0) {
            throw malformed("CBOR tags are not understood, but there is tag " + parser.getCurrentTag(), null);
        }
    }
}
