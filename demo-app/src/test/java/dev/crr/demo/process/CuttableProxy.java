package dev.crr.demo.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * A network link that a test can cut: a port of this machine that forwards to another one. While it is cut, open connections
 * are gone and new ones are closed at once. It also keeps its port when the process behind it starts anew on another.
 */
final class CuttableProxy implements AutoCloseable {

    private final ServerSocket server;
    private final IntSupplier target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    /**
     * @param target the port to forward to, asked for each connection; 0 while there is none
     */
    CuttableProxy(IntSupplier target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        inBackground(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void cut() {
        cut = true;
        open.forEach(CuttableProxy::closeQuietly);
    }

    void reopen() {
        cut = false;
    }

    @Override
    public void close() {
        cut();
        closeQuietly(server);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException closed) {
                // by close(): the loop ends
            }
        }
    }

    private void connect(Socket caller) {
        open.add(caller);
        try {
            Socket callee = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt());
            open.add(callee);
            inBackground(() -> pump(caller, callee));
            inBackground(() -> pump(callee, caller));
            if (cut) {
                // Looked at after both were noted, so that cut() and this cannot miss each other.
                end(caller, callee);
            }
        } catch (IOException | IllegalArgumentException nobodyThere) {
            end(caller);
        }
    }

    private void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException gone) {
            // the other side is told by closing
        } finally {
            end(from, to);
        }
    }

    private void end(Socket... sockets) {
        for (Socket socket : sockets) {
            closeQuietly(socket);
            open.remove(socket);
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // it is of no more use either way
        }
    }

    private static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "cuttable-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
