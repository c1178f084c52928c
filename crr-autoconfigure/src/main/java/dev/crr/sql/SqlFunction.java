package dev.crr.sql;

import dev.crr.Value;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.Function;

/** An SQL function over values with their storage classes. What it throws becomes the statement's error, with the function's name. */
final class SqlFunction extends Function {

    /** What the function does. */
    @FunctionalInterface
    interface Body {
        Value run(List<Value> arguments) throws SQLException;
    }

    // The storage classes by SQLite's numbers.
    private static final int INTEGER = 1;
    private static final int REAL = 2;
    private static final int TEXT = 3;
    private static final int BLOB = 4;

    private final String label;
    private final Callbacks callbacks;
    private final Body body;

    SqlFunction(String label, Callbacks callbacks, Body body) {
        this.label = label;
        this.callbacks = callbacks;
        this.body = body;
    }

    @Override
    protected void xFunc() throws SQLException {
        try {
            List<Value> arguments = arguments();
            answer(callbacks.run(() -> body.run(arguments)));
        } catch (SQLException | RuntimeException failure) {
            error(callbacks.failed(label + ": " + failure.getMessage(), failure));
        }
    }

    private List<Value> arguments() throws SQLException {
        int count = args();
        List<Value> arguments = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            arguments.add(argument(i));
        }
        return arguments;
    }

    private Value argument(int index) throws SQLException {
        return switch (value_type(index)) {
            case INTEGER -> Value.of(value_long(index));
            case REAL -> Value.of(value_double(index));
            case TEXT -> Value.ofUtf8(bytes(index));
            case BLOB -> Value.of(bytes(index));
            default -> Value.NULL;
        };
    }

    /** The driver has null for what is empty. */
    private byte[] bytes(int index) throws SQLException {
        byte[] bytes = value_blob(index);
        return bytes == null ? new byte[0] : bytes;
    }

    private void answer(Value value) throws SQLException {
        if (value instanceof Value.Int number) {
            result(number.value());
        } else if (value instanceof Value.Real number) {
            result(number.value());
        } else if (value instanceof Value.Text text) {
            result(text.value());
        } else if (value instanceof Value.Blob blob) {
            result(blob.bytes());
        } else {
            result();
        }
    }
}
