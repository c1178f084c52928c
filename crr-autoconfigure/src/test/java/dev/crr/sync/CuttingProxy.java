package dev.crr.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between two instances, counts what passes and cuts all connections where it is told to. */
public final class CuttingProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private volatile long cutAfter = Long.MAX_VALUE;

    public CuttingProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on, lets so many bytes of answers pass and then cuts. */
    void cutAfter(long bytes) {
        cutAfter = bytes == Long.MAX_VALUE ? bytes : answered.get() + bytes;
    }

    /** Bytes in requests. */
    public long sent() {
        return sent.get();
    }

    /** Bytes in answers. */
    public long answered() {
        return answered.get();
    }

    /** First lines of requests since this was last asked. */
    List<String> takeRequests() {
        List<String> taken = List.copyOf(requests);
        requests.clear();
        return taken;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
                open.addAll(List.of(client, upstream));
                start(() -> pump(client, upstream, true));
                start(() -> pump(upstream, client, false));
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private void pump(Socket from, Socket to, boolean request) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (request) {
                    note(buffer, read);
                } else if (answered.addAndGet(read) > cutAfter) {
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException cut) {
            // Both ends notice.
        }
    }

    private void note(byte[] buffer, int read) {
        sent.addAndGet(read);
        String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        if (text.startsWith("GET ") || text.startsWith("POST ")) {
            requests.add(text.substring(0, text.indexOf("\r\n")));
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
