package dev.crr.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Fails once more than so many bytes were read. Put it outside of whatever decompresses, so that a small body cannot unfold into
 * an endless one.
 */
public final class SizeLimitedInputStream extends FilterInputStream {

    private final long limit;
    private long left;

    /**
     * @param in where to read
     * @param limit how many bytes may be read
     */
    public SizeLimitedInputStream(InputStream in, long limit) {
        super(in);
        this.limit = limit;
        this.left = limit;
    }

    /**
     * @throws ChangesetTooLargeException if there is more than the limit
     */
    @Override
    public int read() throws IOException {
        int read = super.read();
        if (read >= 0) {
            count(1);
        }
        return read;
    }

    /**
     * @throws ChangesetTooLargeException if there is more than the limit
     */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        if (read > 0) {
            count(read);
        }
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        // By reading, so that what is skipped is counted.
        return read(new byte[(int) Math.min(count, 8192)]);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(int read) {
        left -= read;
        if (left < 0) {
            throw new ChangesetTooLargeException("the body is larger than " + limit + " bytes");
        }
    }
}
