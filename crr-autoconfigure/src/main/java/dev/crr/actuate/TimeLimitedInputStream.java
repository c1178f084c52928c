package dev.crr.actuate;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Fails once reading has taken too long in all, so that a body that trickles in does not hold a thread for ever. A single read
 * that brings nothing at all is for the server's own timeout.
 */
final class TimeLimitedInputStream extends FilterInputStream {

    private final long start = System.nanoTime();
    private final Duration limit;

    TimeLimitedInputStream(InputStream in, Duration limit) {
        super(in);
        this.limit = limit;
    }

    /**
     * @throws RefusedRequestException if the time is up
     */
    @Override
    public int read() throws IOException {
        requireTime();
        return super.read();
    }

    /**
     * @throws RefusedRequestException if the time is up
     */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        requireTime();
        return super.read(buffer, offset, length);
    }

    private void requireTime() {
        if (System.nanoTime() - start > limit.toNanos()) {
            throw RefusedRequestException.timeout(limit);
        }
    }
}
