package dev.crr.engine;

import dev.crr.Change;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads as many of the changes that are set aside as fit into memory. */
final class Pieces {

    /** No more is read once the values of a piece have come to this. */
    static final long MAX_BYTES = 8L << 20;

    private Pieces() {}

    /** The rows of a query that are changes, at least one if there is any. */
    static <T> List<T> of(
            Connection connection,
            String sql,
            Queries.RowReader<T> reader,
            Function<T, Change> change,
            Object... parameters)
            throws SQLException {
        List<T> piece = new ArrayList<>();
        long bytes = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (bytes < MAX_BYTES && row.next()) {
                    T read = reader.read(row);
                    piece.add(read);
                    bytes += Sizes.of(change.apply(read));
                }
            }
        }
        return piece;
    }
}
