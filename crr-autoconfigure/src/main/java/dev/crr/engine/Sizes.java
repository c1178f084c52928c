package dev.crr.engine;

import dev.crr.Change;
import dev.crr.Value;
import java.util.List;

/** How much room changes take, about. */
final class Sizes {

    /** A text shorter than this is not worth counting its bytes. */
    private static final int SHORT = 64;

    private Sizes() {}

    /** The bytes of all their values and keys. */
    static long of(List<Change> changes) {
        long bytes = 0;
        for (Change change : changes) {
            bytes += of(change);
        }
        return bytes;
    }

    static long of(Change change) {
        long bytes = of(change.val());
        for (Value key : change.key()) {
            bytes += of(key);
        }
        return bytes;
    }

    private static long of(Value value) {
        if (value instanceof Value.Text text) {
            return text.value().length() < SHORT ? text.value().length() : utf8(text.value());
        }
        if (value instanceof Value.RawText text) {
            return text.bytes().length;
        }
        return value instanceof Value.Blob blob ? blob.bytes().length : Long.BYTES;
    }

    /** A character beyond 16 bits is two here, and makes four bytes. */
    private static long utf8(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return bytes;
    }
}
