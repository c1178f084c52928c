package dev.crr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port that nobody else gets as long as this object is there, on Linux. Nobody listens on it until a server of the test does:
 * two sockets that both allow to reuse an address may share one as long as one of them does not listen.
 */
public final class ReservedPort {

    /** Closed with this object. */
    private final Socket held = new Socket();

    private final int number;

    public ReservedPort() {
        try {
            // Allowed only afterwards, or another test could be given the same one.
            held.setReuseAddress(false);
            held.bind(new InetSocketAddress(0));
            held.setReuseAddress(true);
            number = held.getLocalPort();
            if (!System.getProperty("os.name").equals("Linux")) {
                held.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int number() {
        return number;
    }
}
