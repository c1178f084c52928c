package dev.crr.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** The starter's driver, loaded once more: it knows as little of the application's connections as another process does. */
final class SeparateDriver extends ClassLoader {

    private final Driver driver;

    SeparateDriver() throws ReflectiveOperationException {
        super(SeparateDriver.class.getClassLoader());
        driver = Class.forName(SqliteDriver.class.getName(), true, this)
                .asSubclass(Driver.class)
                .getConstructor()
                .newInstance();
    }

    Connection connect(String url) throws SQLException {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "journal_mode", "WAL", "busy_timeout", "120000", "synchronous", "FULL", "lock_when_needed", "true"));
        return Objects.requireNonNull(driver.connect(url, settings));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.startsWith("dev.crr.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = in.readAllBytes();
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
