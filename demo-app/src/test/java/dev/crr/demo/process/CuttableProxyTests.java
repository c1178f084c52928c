package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // set before each test
class CuttableProxyTests {

    private final AtomicInteger target = new AtomicInteger();
    private final CuttableProxy proxy = new CuttableProxy(target::get);
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(60_000);
        target.set(server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void forwardsBothWays() throws IOException {
        try (Socket caller = call();
                Socket callee = server.accept()) {
            assertTalking(caller, callee);
        }
    }

    @Test
    void cuttingEndsOpenConnectionsAndRefusesNewOnesUntilReopened() throws IOException {
        try (Socket caller = call();
                Socket callee = server.accept()) {
            assertTalking(caller, callee);
            proxy.cut();
            assertEnded(caller);
            assertEnded(callee);
        }
        try (Socket caller = call()) {
            assertEnded(caller);
        }
        server.close();
        listen();
        proxy.reopen();
        try (Socket caller = call();
                Socket callee = server.accept()) {
            assertTalking(caller, callee);
        }
    }

    @Test
    void endsConnectionsWhileThereIsNoTarget() throws IOException {
        target.set(0);
        try (Socket caller = call()) {
            assertEnded(caller);
        }
    }

    private Socket call() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void assertTalking(Socket one, Socket other) throws IOException {
        one.getOutputStream().write(7);
        assertThat(other.getInputStream().read()).isEqualTo(7);
        other.getOutputStream().write(9);
        assertThat(one.getInputStream().read()).isEqualTo(9);
    }

    /** The end shows as an end of stream or, if bytes were under way, as a reset. */
    private static void assertEnded(Socket socket) throws IOException {
        int read;
        try {
            read = socket.getInputStream().read();
        } catch (SocketException reset) {
            read = -1;
        }
        assertThat(read).isEqualTo(-1);
    }
}
