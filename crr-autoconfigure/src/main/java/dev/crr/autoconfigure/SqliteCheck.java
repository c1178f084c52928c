package dev.crr.autoconfigure;

import dev.crr.NewerFormatException;
import dev.crr.actuate.Alarm;
import dev.crr.actuate.AlarmKind;
import dev.crr.actuate.DatabaseCheck;
import dev.crr.engine.CrrEngine;
import dev.crr.engine.WriteProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.util.unit.DataSize;

/**
 * Reads a row and asks the file system. Writes only after somebody could not, to see whether that is over: a check that runs every
 * few seconds must not keep a disk busy, or wait behind every writer.
 */
final class SqliteCheck implements DatabaseCheck {

    private final CrrEngine engine;
    private final CrrDatabase database;
    private final long minFreeSpace;

    SqliteCheck(CrrEngine engine, CrrDatabase database, DataSize minFreeSpace) {
        this.engine = engine;
        // What is to be found out is whether the application's own connections work.
        this.database = database.pooled();
        this.minFreeSpace = minFreeSpace.toBytes();
    }

    @Override
    public List<Alarm> run() {
        Optional<Path> file;
        List<String> aside;
        try {
            file = database.call("Read the state", connection -> {
                engine.identity(connection);
                engine.requireKnownFormat(connection);
                return file(connection);
            });
            aside = database.call("Look for a start that did not end", connection -> {
                engine.takeBackAbandoned(connection);
                return engine.standingAside(connection);
            });
        } catch (NewerFormatException e) {
            return alarm(AlarmKind.DATABASE_FAILING, String.valueOf(e.getMessage()));
        } catch (DataAccessException e) {
            return alarm(AlarmKind.DATABASE_FAILING, e);
        }
        List<Alarm> alarms = new ArrayList<>(file.map(this::check).orElse(List.of()));
        if (!aside.isEmpty()) {
            alarms.add(new Alarm(
                    AlarmKind.SCHEMA_CHANGE_OPEN,
                    null,
                    "a start, a migration or crsql_begin_alter did not end: what is written to "
                            + String.join(", ", aside)
                            + " is noted and not announced until an application starts successfully on this file, or"
                            + " SELECT crsql_commit_alter('table') ends it"));
        }
        return alarms;
    }

    private List<Alarm> check(Path file) {
        if (!Files.isWritable(file)) {
            return alarm(AlarmKind.READ_ONLY, file + " cannot be written");
        }
        long free = freeSpace(file);
        if (free < minFreeSpace) {
            return alarm(
                    AlarmKind.DISK_FULL,
                    "only " + DataSize.ofBytes(free).toKilobytes() + " KB are free beside " + file
                            + ", crr.health.min-free-space asks for "
                            + DataSize.ofBytes(minFreeSpace).toKilobytes());
        }
        SQLException fault = FileFaults.of(file);
        return fault == null ? List.of() : tryAgain(file, fault);
    }

    private List<Alarm> tryAgain(Path file, SQLException fault) {
        try {
            database.write("Try to write", WriteProbe::run);
            FileFaults.mended(file, fault);
            return List.of();
        } catch (CannotAcquireLockException e) {
            return alarm(kind(fault), String.valueOf(fault.getMessage()));
        } catch (DataAccessException e) {
            return alarm(e.getMostSpecificCause() instanceof SQLException sql ? kind(sql) : kind(fault), e);
        }
    }

    private static AlarmKind kind(SQLException fault) {
        if (SqliteExceptions.isFull(fault)) {
            return AlarmKind.DISK_FULL;
        }
        return SqliteExceptions.isReadOnly(fault) ? AlarmKind.READ_ONLY : AlarmKind.DATABASE_FAILING;
    }

    private static List<Alarm> alarm(AlarmKind kind, DataAccessException failure) {
        return alarm(kind, String.valueOf(failure.getMostSpecificCause().getMessage()));
    }

    private static List<Alarm> alarm(AlarmKind kind, String message) {
        return List.of(new Alarm(kind, null, message));
    }

    /** None for a database in memory. */
    private static Optional<Path> file(Connection connection) throws SQLException {
        String file = SqliteDatabase.file(connection);
        return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
    }

    /** Unlimited where nobody can tell. */
    private static long freeSpace(Path file) {
        try {
            return Files.getFileStore(file).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
