package dev.crr.jpa;

import java.sql.CallableStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.hibernate.type.descriptor.ValueExtractor;
import org.hibernate.type.descriptor.WrapperOptions;
import org.jspecify.annotations.Nullable;

/** Reads dates and times that are text; numbers are left to the driver, as is text of another form. */
record WallClockExtractor<X>(WallClock<X> clock, ValueExtractor<X> driver) implements ValueExtractor<X> {

    @Override
    public @Nullable X extract(ResultSet row, int index, WrapperOptions options) throws SQLException {
        X value = row.getObject(index) instanceof String text ? clock.value(text, options) : null;
        return value != null ? value : driver.extract(row, index, options);
    }

    @Override
    public X extract(CallableStatement statement, int index, WrapperOptions options) throws SQLException {
        return driver.extract(statement, index, options);
    }

    @Override
    public X extract(CallableStatement statement, String name, WrapperOptions options) throws SQLException {
        return driver.extract(statement, name, options);
    }
}
