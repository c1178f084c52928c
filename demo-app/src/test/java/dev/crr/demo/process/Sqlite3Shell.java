package dev.crr.demo.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The plain {@code sqlite3} command-line shell, which knows nothing of crr. */
record Sqlite3Shell(Path database) {

    static void assumeInstalled() {
        boolean installed = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> new File(directory, "sqlite3").canExecute());
        assumeTrue(installed, "no sqlite3 on the PATH (Debian package sqlite3): writing with it is not tested");
    }

    /** Runs SQL and gives back what it printed. */
    String run(String sql) {
        try {
            Process shell = new ProcessBuilder("sqlite3", "-bail", "-cmd", ".timeout 20000", database.toString(), sql)
                    .redirectErrorStream(true)
                    .start();
            shell.getOutputStream().close();
            String output = new String(shell.getInputStream().readAllBytes(), UTF_8).strip();
            assertThat(shell.waitFor()).as(output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
