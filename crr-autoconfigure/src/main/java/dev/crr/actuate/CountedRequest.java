package dev.crr.actuate;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;

/** Counts the bytes of a request's body, as they are on the wire. */
final class CountedRequest extends HttpServletRequestWrapper {

    private long count;

    CountedRequest(HttpServletRequest request) {
        super(request);
    }

    long count() {
        return count;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        ServletInputStream body = super.getInputStream();
        return new ServletInputStream() {

            @Override
            public int read() throws IOException {
                int value = body.read();
                count += value < 0 ? 0 : 1;
                return value;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = body.read(buffer, offset, length);
                count += Math.max(read, 0);
                return read;
            }

            @Override
            public boolean isFinished() {
                return body.isFinished();
            }

            @Override
            public boolean isReady() {
                return body.isReady();
            }

            @Override
            public void setReadListener(ReadListener listener) {
                body.setReadListener(listener);
            }
        };
    }
}
