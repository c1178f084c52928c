package dev.crr.sync;

import dev.crr.wire.ChangesetTooLargeException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Fails as soon as more than so many bytes are written, so that no more than these are ever held. */
final class SizeLimitedOutputStream extends FilterOutputStream {

    private final long limit;
    private long left;

    SizeLimitedOutputStream(OutputStream out, long limit) {
        super(out);
        this.limit = limit;
        this.left = limit;
    }

    /**
     * @throws ChangesetTooLargeException if that is more than the limit
     */
    @Override
    public void write(int value) throws IOException {
        count(1);
        out.write(value);
    }

    /**
     * @throws ChangesetTooLargeException if that is more than the limit
     */
    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        count(length);
        out.write(buffer, offset, length);
    }

    private void count(int written) {
        left -= written;
        if (left < 0) {
            throw new ChangesetTooLargeException("the changeset is larger than " + limit + " bytes");
        }
    }
}
