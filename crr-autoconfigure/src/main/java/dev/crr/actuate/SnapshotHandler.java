package dev.crr.actuate;

import dev.crr.wire.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Answers requests for a snapshot, one at a time: a second one would double the disk space that is needed. Thread-safe. */
final class SnapshotHandler {

    /** Of SQLite files, as registered with IANA. */
    static final String MEDIA_TYPE = "application/vnd.sqlite3";

    private static final Logger log = LoggerFactory.getLogger(SnapshotHandler.class);
    private static final int BUFFER = 64 * 1024;

    private final SnapshotSource source;
    private final Duration timeout;
    private final Semaphore one = new Semaphore(1);

    SnapshotHandler(SnapshotSource source, Duration timeout) {
        this.source = source;
        this.timeout = timeout;
    }

    void read(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!one.tryAcquire()) {
            new Problem(HttpStatus.SERVICE_UNAVAILABLE, "another snapshot is under way; try again later")
                    .write(response);
            return;
        }
        try {
            answer(request, response);
        } finally {
            one.release();
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SnapshotFile snapshot;
        try {
            snapshot = source.take();
        } catch (IOException e) {
            log.warn("A snapshot could not be made for {}: {}", request.getRemoteAddr(), e.getMessage());
            new Problem(HttpStatus.INSUFFICIENT_STORAGE, String.valueOf(e.getMessage())).write(response);
            return;
        } catch (RuntimeException e) {
            Problems.of(e).write(response);
            return;
        }
        try (snapshot) {
            response.setContentType(MEDIA_TYPE);
            response.setContentLengthLong(snapshot.size());
            response.setHeader(Sha256.HEADER, digest(snapshot));
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            send(snapshot, response.getOutputStream());
            log.info("A snapshot of {} bytes went to {}", snapshot.size(), request.getRemoteAddr());
        }
    }

    private static String digest(SnapshotFile snapshot) throws IOException {
        try (InputStream in = snapshot.open()) {
            Sha256 digest = new Sha256();
            digest.read(in).transferTo(OutputStream.nullOutputStream());
            return digest.header();
        }
    }

    /** Whoever reads too slowly keeps all others from a snapshot. */
    private void send(SnapshotFile snapshot, OutputStream out) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = snapshot.open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (System.nanoTime() - end > 0) {
                    throw new IOException("the receiver of a snapshot takes longer than " + timeout);
                }
                out.write(buffer, 0, read);
            }
        }
    }
}
