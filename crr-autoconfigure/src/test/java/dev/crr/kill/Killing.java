package dev.crr.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Starts processes of {@link Doomed} histories and kills them as {@code kill -9} does. All histories but the last are left at a
 * {@link KillPoint}; the last one goes on until some lines later, so that its kill comes at any moment.
 *
 * <p>All files are opened with {@code synchronous=OFF}: what a process has given to the system outlives it without.
 */
public final class Killing {

    private static final int MOST_LINES = 40;

    private final Class<?> main;
    private final Random random;
    private final Path library;
    private final Set<String> left = new TreeSet<>();
    private int kills;

    /**
     * @param main ends in {@link Doomed#run}
     * @param folder for what all processes share
     */
    public Killing(Class<?> main, Random random, Path folder) throws IOException {
        this.main = main;
        this.random = random;
        this.library = Files.createDirectory(folder.resolve("native"));
        // Else each process unpacks it for itself, and leaves it behind.
        String name = LibraryLoaderUtil.getNativeLibName();
        try (InputStream packed = LibraryLoaderUtil.class.getResourceAsStream(
                LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name)) {
            Files.copy(packed, library.resolve(name));
        }
    }

    /** One history: its file, and that of whom it exchanges with. */
    public record Pair(Path one, Path other) {}

    /** How many histories were left so far. */
    public int kills() {
        return kills;
    }

    /** Where they were left. */
    public Set<String> left() {
        return left;
    }

    /** Runs a history on each pair until it is left, and kills the process that they share. */
    public void run(List<Pair> pairs, BiConsumer<Pair, String> listener) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Dorg.sqlite.lib.path=" + library,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        // A single one is left now at a point, now at any moment.
        boolean lastGoesOn = pairs.size() > 1 || kills % 2 == 0;
        for (int i = 0; i < pairs.size(); i++) {
            boolean last = i == pairs.size() - 1;
            command.add((last && lastGoesOn ? KillPoint.NONE : KillPoint.of(kills + i, random)).toString());
            command.add(pairs.get(i).one().toString());
            command.add(pairs.get(i).other().toString());
            command.add(String.valueOf(random.nextLong()));
        }
        int lines = lastGoesOn ? 1 + random.nextInt(MOST_LINES) : 0;
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            readAndKill(process, output, pairs, lines, listener);
        } finally {
            process.destroyForcibly().waitFor();
        }
        kills += pairs.size();
    }

    private void readAndKill(
            Process process, BufferedReader output, List<Pair> pairs, int lines, BiConsumer<Pair, String> listener)
            throws IOException {
        boolean killed = false;
        int owed = lines;
        boolean stopped = false;
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            // What was cut off by the kill does not count.
            if (line.equals("stopped .")) {
                stopped = true;
            } else if (line.endsWith(" .")) {
                int space = line.indexOf(' ');
                int number = Integer.parseInt(line.substring(0, space));
                String said = line.substring(space + 1, line.length() - 2);
                if (said.startsWith("left ")) {
                    left.add(said.substring(5));
                } else {
                    listener.accept(pairs.get(number), said);
                    owed -= number == pairs.size() - 1 ? 1 : 0;
                }
            }
            if (stopped && owed <= 0 && !killed) {
                assertThat(process.isAlive()).as("ended by itself").isTrue();
                killed = true;
                // By its handle, because Process would close the output that is still to be read.
                process.toHandle().destroyForcibly();
            }
        }
        assertThat(killed).as("killed before it ended by itself").isTrue();
    }
}
