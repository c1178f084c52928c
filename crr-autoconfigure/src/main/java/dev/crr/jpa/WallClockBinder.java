package dev.crr.jpa;

import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.hibernate.type.descriptor.ValueBinder;
import org.hibernate.type.descriptor.WrapperOptions;
import org.jspecify.annotations.Nullable;

/** Binds dates and times as text if that is how the driver would store them. */
record WallClockBinder<X>(WallClock<X> clock, ValueBinder<X> driver) implements ValueBinder<X> {

    @Override
    public void bind(PreparedStatement statement, @Nullable X value, int index, WrapperOptions options)
            throws SQLException {
        if (value == null || DatabaseCheck.storesDatesAsNumbers(statement.getConnection())) {
            driver.bind(statement, value, index, options);
        } else {
            statement.setString(index, clock.text(value, options));
        }
    }

    @Override
    public void bind(CallableStatement statement, X value, String name, WrapperOptions options) throws SQLException {
        driver.bind(statement, value, name, options);
    }
}
