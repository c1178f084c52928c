package dev.crr.engine;

import dev.crr.Value;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Carries values between JDBC and {@link Value} without changing their storage class. */
final class JdbcValues {

    private static final char REPLACEMENT = '\uFFFD';

    private JdbcValues() {}

    static Value read(ResultSet row, int column) throws SQLException {
        Object value = row.getObject(column);
        if (value == null) {
            return Value.NULL;
        }
        if (value instanceof String text) {
            // The driver puts U+FFFD where the bytes are not UTF-8; only then are the bytes worth a second look.
            return text.indexOf(REPLACEMENT) < 0 ? new Value.Text(text) : Value.ofUtf8(row.getBytes(column));
        }
        if (value instanceof Number number) {
            return number instanceof Double real ? Value.of(real.doubleValue()) : Value.of(number.longValue());
        }
        if (value instanceof byte[] bytes) {
            return new Value.Blob(bytes);
        }
        throw new SQLException("unexpected value of " + value.getClass());
    }

    /** Reads so many neighbouring columns. */
    static Value[] read(ResultSet row, int first, int count) throws SQLException {
        Value[] values = new Value[count];
        for (int i = 0; i < count; i++) {
            values[i] = read(row, first + i);
        }
        return values;
    }

    static void bind(PreparedStatement statement, int parameter, Value value) throws SQLException {
        if (value instanceof Value.Text text) {
            statement.setString(parameter, text.value());
        } else if (value instanceof Value.Int number) {
            statement.setLong(parameter, number.value());
        } else if (value instanceof Value.Real number) {
            statement.setDouble(parameter, number.value());
        } else if (value instanceof Value.Blob blob) {
            statement.setBytes(parameter, blob.bytes());
        } else if (value instanceof Value.RawText text) {
            // JDBC has no way to bind text that is not Unicode; the statement casts, see placeholder().
            statement.setBytes(parameter, text.bytes());
        } else {
            statement.setNull(parameter, Types.NULL);
        }
    }

    /** Binds values to neighbouring parameters and returns the parameter after them. */
    static int bind(PreparedStatement statement, int first, List<Value> values) throws SQLException {
        int parameter = first;
        for (Value value : values) {
            bind(statement, parameter++, value);
        }
        return parameter;
    }

    /** Whether {@link #placeholder} is more than a question mark for any of them. */
    static boolean anyRawText(List<Value> values) {
        for (Value value : values) {
            if (value instanceof Value.RawText) {
                return true;
            }
        }
        return false;
    }

    /** The parameter a value needs. */
    static String placeholder(Value value) {
        return value instanceof Value.RawText ? "CAST(? AS TEXT)" : "?";
    }

    /** A condition that columns equal values, which are bound in that order. */
    static String equal(List<String> columns, List<Value> values) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> Quoting.name(columns.get(i)) + " = " + placeholder(values.get(i)))
                .collect(Collectors.joining(" AND "));
    }
}
