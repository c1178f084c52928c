package dev.crr.mapping;

import dev.crr.Instance;
import dev.crr.mapping.BasicShapes.Times;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Date;

/**
 * An application in a process of its own, and so in a time zone of its own. Argument: its file. Writes a row, says its port, and
 * for each identifier on its input says what JPA reads there, until the input ends.
 */
final class ZonedProcess {

    private ZonedProcess() {}

    static Times times(String id) {
        Times times = new Times();
        times.id = id;
        times.instant = Instant.parse("2026-03-08T02:30:00.123Z");
        times.date = Date.from(times.instant);
        times.localDate = LocalDate.of(2026, 1, 2);
        times.localTime = LocalTime.of(2, 30);
        // There was no such hour in New York.
        times.localDateTime = LocalDateTime.parse("2026-03-08T02:30:00.123");
        times.offsetDateTime = OffsetDateTime.parse("2026-03-08T02:30:00.678+05:30");
        times.duration = Duration.ofHours(25).plusNanos(1);
        return times;
    }

    static String text(Times times) {
        return String.join(
                " ",
                times.instant.toString(),
                times.date.toInstant().toString(),
                times.localDate.toString(),
                times.localTime.toString(),
                times.localDateTime.toString(),
                times.offsetDateTime.toInstant().toString(),
                times.duration.toString());
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Instance instance = new Instance(Path.of(arguments[0])).start(Times.class)) {
            Jpa.of(instance).persist(times("theirs"));
            out.println(instance.port());
            for (String id = in.readLine(); id != null; id = in.readLine()) {
                out.println(text(Jpa.of(instance).find(Times.class, id)));
            }
        }
    }
}
