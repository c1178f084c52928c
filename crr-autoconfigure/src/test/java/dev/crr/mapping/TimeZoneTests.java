package dev.crr.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Instance;
import dev.crr.mapping.BasicShapes.Times;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two applications in two processes in two time zones. */
class TimeZoneTests {

    @TempDir
    Path directory;

    @Test
    void datesAndTimesMeanTheSameInEveryTimeZone() throws IOException {
        String zone = TimeZone.getDefault().getID().equals("America/New_York") ? "UTC" : "America/New_York";
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.timezone=" + zone,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ZonedProcess.class.getName(),
                        directory.resolve("theirs.db").toString())
                .redirectError(directory.resolve("log").toFile())
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                BufferedWriter in = process.outputWriter(StandardCharsets.UTF_8);
                Instance ours = new Instance(directory.resolve("ours.db"))) {
            // Hibernate's own means against time zones, on one side only: it must not get in the way.
            ours.with(
                            "spring.jpa.properties.hibernate.jdbc.time_zone=Asia/Tokyo",
                            "crr.peers[0].url=http://localhost:" + out.readLine() + "/actuator/crr")
                    .start(Times.class);
            Times times = ZonedProcess.times("ours");
            Jpa.of(ours).persist(times);
            ours.syncWell();

            in.write("ours\n");
            in.flush();
            assertThat(out.readLine()).isEqualTo(ZonedProcess.text(times));
            assertThat(ZonedProcess.text(Jpa.of(ours).find(Times.class, "theirs")))
                    .isEqualTo(ZonedProcess.text(times));
        } finally {
            process.destroy();
        }
    }
}
