package dev.crr.demo.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/** The Node package in {@code src/test/node}, installed in {@code target}. */
final class NodePackage {

    static final Path INSTALLED = Path.of("target/node");

    private static final Path SOURCE = Path.of("src/test/node");
    private static final int MINUTES = 3;

    private NodePackage() {}

    /** Installs the package, unless that was done before. Skips the test if it cannot be done. */
    static void install() throws IOException, InterruptedException {
        require("node", "--version");
        require("npm", "--version");
        boolean installed = Files.exists(INSTALLED.resolve("node_modules/.package-lock.json"))
                && Files.mismatch(SOURCE.resolve("package-lock.json"), INSTALLED.resolve("package-lock.json")) == -1;
        FileSystemUtils.copyRecursively(SOURCE, INSTALLED);
        if (!installed) {
            FileSystemUtils.deleteRecursively(INSTALLED.resolve("node_modules"));
            require("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1");
        }
    }

    /** Runs a command, and skips the test if there is no such command or if it fails. */
    private static void require(String... command) throws IOException, InterruptedException {
        String line = String.join(" ", command);
        Files.createDirectories(INSTALLED);
        Path log = INSTALLED.resolve("install.log");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(INSTALLED.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            skip("there is no " + command[0] + " on the PATH (Debian packages nodejs and npm)");
            return;
        }
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            skip(line + " did not end in " + MINUTES + " minutes");
        } else if (process.exitValue() != 0) {
            skip(line + " failed: " + Files.readString(log, UTF_8).strip());
        }
    }

    private static void skip(String reason) {
        String message = "SKIPPED, so cr-sqlite as a peer is not tested: " + reason;
        System.out.println(message);
        abort(message);
    }
}
