package dev.crr.kill;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Properties;
import java.util.logging.Logger;
import org.sqlite.JDBC;

/** The driver of SQLite, which lets the history whose thread opens a connection know of each statement. */
final class PointedDriver implements Driver {

    private final Driver driver = new JDBC();

    private PointedDriver() {}

    /** Takes the place of the driver. */
    static void install() {
        try {
            for (Driver each : Collections.list(DriverManager.getDrivers())) {
                DriverManager.deregisterDriver(each);
            }
            DriverManager.registerDriver(new PointedDriver());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Connection connect(String url, Properties properties) throws SQLException {
        Connection connection = driver.connect(url, properties);
        Doomed doomed = Doomed.current();
        return connection == null || doomed == null ? connection : pointed(connection, doomed);
    }

    private static Connection pointed(Connection connection, Doomed doomed) {
        return proxy(Connection.class, (method, arguments) -> {
            String name = method.getName();
            boolean ends = name.equals("commit") || (name.equals("rollback") && arguments == null);
            Object result = ends
                    ? told(connection, doomed, name, () -> method.invoke(connection, arguments))
                    : method.invoke(connection, arguments);
            if (name.equals("setAutoCommit")) {
                doomed.inTransaction(!(boolean) arguments[0]);
            }
            if (result instanceof PreparedStatement statement) {
                return pointed(PreparedStatement.class, statement, connection, doomed, (String) arguments[0]);
            }
            return result instanceof Statement statement
                    ? pointed(Statement.class, statement, connection, doomed, "")
                    : result;
        });
    }

    private static <T extends Statement> T pointed(
            Class<T> type, T statement, Connection connection, Doomed doomed, String sql) {
        return proxy(
                type,
                (method, arguments) -> method.getName().startsWith("execute")
                        ? told(
                                connection,
                                doomed,
                                arguments == null ? sql : (String) arguments[0],
                                () -> method.invoke(statement, arguments))
                        : method.invoke(statement, arguments));
    }

    private interface Execution {
        Object run() throws ReflectiveOperationException;
    }

    private static Object told(Connection connection, Doomed doomed, String sql, Execution execution)
            throws SQLException, ReflectiveOperationException {
        doomed.before(connection, sql);
        try {
            return execution.run();
        } finally {
            doomed.after(sql);
        }
    }

    private interface Call {
        Object on(java.lang.reflect.Method method, Object... arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return call.on(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return driver.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) throws SQLException {
        return driver.getPropertyInfo(url, properties);
    }

    @Override
    public int getMajorVersion() {
        return driver.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return driver.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return driver.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() throws java.sql.SQLFeatureNotSupportedException {
        return driver.getParentLogger();
    }
}
