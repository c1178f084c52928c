package dev.crr.autoconfigure;

import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;

/** The database, on connections of its own: they see what is committed and take no part in the caller's transaction. */
final class CrrDatabase implements AutoCloseable {

    /** Does something with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Changes something over a connection. */
    @FunctionalInterface
    interface Change {
        void run(Connection connection) throws SQLException;
    }

    private final DataSource dataSource;

    /** By URL, so that SQLite need not be asked each time. */
    private final Map<String, String> files = new ConcurrentHashMap<>();

    private volatile @Nullable String file;

    /** Null where each connection comes from the DataSource. */
    private final @Nullable OwnConnections own;

    private CrrDatabase(DataSource dataSource, @Nullable OwnConnections own) {
        this.dataSource = dataSource;
        this.own = own;
    }

    /** With connections of the DataSource, as the application has set them up. */
    static CrrDatabase of(DataSource dataSource) {
        return new CrrDatabase(WrappedDataSource.target(dataSource), null);
    }

    /** With connections outside the pool where that can be, so that a caller who holds the pool's last one can go on. */
    static CrrDatabase beside(DataSource dataSource) {
        DataSource target = WrappedDataSource.target(dataSource);
        return new CrrDatabase(target, OwnConnections.beside(target));
    }

    /** The DataSource a persistence unit works on, which need not be the only one. */
    static DataSource dataSourceOf(EntityManagerFactory factory, ObjectProvider<DataSource> dataSources) {
        DataSource ownDataSource = factory instanceof EntityManagerFactoryInfo info ? info.getDataSource() : null;
        return ownDataSource != null ? ownDataSource : dataSources.getObject();
    }

    /** The same over connections of the DataSource. */
    CrrDatabase pooled() {
        return own == null ? this : new CrrDatabase(dataSource, null);
    }

    DataSource dataSource() {
        return dataSource;
    }

    /** Runs on a connection in autocommit mode, whatever the pool's mode is. */
    <T> T call(String task, Work<T> work) throws DataAccessException {
        try {
            Connection connection = own == null ? null : own.take();
            return own == null || connection == null ? runPooled(work) : runOwn(own, connection, work);
        } catch (SQLException ex) {
            throw SqliteExceptions.translate(task, ex);
        }
    }

    private <T> T runOwn(OwnConnections own, Connection connection, Work<T> work) throws SQLException {
        T result;
        try {
            requireSameFile(connection);
            result = work.run(connection);
        } catch (SQLException | RuntimeException | Error failure) {
            // Nobody knows what is left open in it.
            connection.close();
            throw failure;
        }
        own.giveBack(connection);
        return result;
    }

    private <T> T runPooled(Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            requireSameFile(connection);
            boolean autoCommit = connection.getAutoCommit();
            if (!autoCommit) {
                connection.setAutoCommit(true);
            }
            try {
                return work.run(connection);
            } finally {
                if (!autoCommit) {
                    connection.setAutoCommit(false);
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        if (own != null) {
            own.close();
        }
    }

    /**
     * The file that was met first is the one.
     *
     * @throws SeveralFilesException if a connection leads to another
     */
    void requireSameFile(Connection connection) throws SQLException {
        String url = connection.getMetaData().getURL();
        if (!SqliteDatabase.isSqliteUrl(url)) {
            return;
        }
        String present = files.get(url);
        if (present == null) {
            present = SqliteDatabase.file(connection);
            files.put(url, present);
        }
        String usual = file;
        if (usual == null) {
            file = present;
        } else if (!usual.equals(present)) {
            throw SeveralFilesException.now(present, usual);
        }
    }

    /** Runs in a transaction that nobody else takes part in. */
    void write(String task, Change work) throws DataAccessException {
        call(task, connection -> {
            // In SQL, because the driver's commit() begins the next transaction at once, and may fail at that.
            execute(connection, "BEGIN IMMEDIATE");
            try {
                work.run(connection);
                execute(connection, "COMMIT");
            } catch (SQLException | RuntimeException | Error failure) {
                rollBack(connection, failure);
                throw failure;
            }
            return true;
        });
    }

    /** Some failures, of a full disk for example, have ended the transaction already. */
    private static void rollBack(Connection connection, Throwable failure) {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException ex) {
            failure.addSuppressed(ex);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
