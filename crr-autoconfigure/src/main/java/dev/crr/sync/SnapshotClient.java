package dev.crr.sync;

import dev.crr.wire.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/** Fetches a copy of a peer's whole database. Thread-safe. */
public final class SnapshotClient {

    private static final MediaType MEDIA_TYPE = MediaType.parseMediaType("application/vnd.sqlite3");

    private final RestClient http;
    private final URI url;

    /**
     * @param peer whose database to fetch
     * @param http what to build the client from; its request factory is replaced
     * @param sslBundles where the peer's SSL bundle is found; null if there are none
     * @param settings how long it may take: the read timeout bounds all of it
     * @throws IllegalArgumentException if the peer's SSL bundle cannot be found
     */
    public SnapshotClient(Peer peer, RestClient.Builder http, @Nullable SslBundles sslBundles, SyncSettings settings) {
        this.http = new PeerConnections(http, sslBundles, settings).to(peer);
        this.url = URI.create(peer.url() + "/snapshot");
    }

    /**
     * Fetches a snapshot.
     *
     * @param target the file to write, which is left in parts if this fails
     * @throws PeerException if the peer gives none, or it does not arrive whole
     */
    public void fetch(Path target) {
        try {
            http.get().uri(url).accept(MEDIA_TYPE, MediaType.ALL).exchangeForRequiredValue((request, response) -> {
                try {
                    if (!response.getStatusCode().is2xxSuccessful()) {
                        throw new PeerAnswer(response, 0).failure();
                    }
                    save(response, target);
                    return true;
                } finally {
                    // Spring would first read to the end.
                    response.getBody().close();
                }
            });
        } catch (ResourceAccessException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new PeerException(Fault.AWAY, "the snapshot could not be fetched: " + Causes.describe(reason), e);
        }
    }

    private static void save(ClientHttpResponse response, Path target) throws IOException {
        HttpHeaders headers = response.getHeaders();
        MediaType type = headers.getContentType();
        String digest = headers.getFirst(Sha256.HEADER);
        long size = headers.getContentLength();
        if (!MEDIA_TYPE.equalsTypeAndSubtype(type) || digest == null || size < 0) {
            throw new PeerException(
                    Fault.NOT_A_PEER,
                    "it answered with " + (type == null ? "something untyped" : type)
                            + " that is no snapshot: is there a proxy or another application at its URL?");
        }
        requireRoom(target, size);
        Sha256 received = new Sha256();
        try (InputStream in = received.read(response.getBody());
                OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            copy(in, out, size);
        }
        if (!received.header().equals(digest)) {
            throw new PeerException(
                    Fault.NOT_A_PEER,
                    "the snapshot does not have the digest that was announced: it was changed on the way");
        }
    }

    private static void requireRoom(Path target, long size) throws IOException {
        long room = Files.getFileStore(target.toAbsolutePath().getParent()).getUsableSpace();
        if (size > room) {
            throw new PeerException(
                    Fault.DATABASE,
                    "the snapshot has " + size + " bytes, but " + target + " has room for " + room + " only");
        }
    }

    private static void copy(InputStream in, OutputStream out, long size) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long left = size;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            left -= read;
            if (left < 0) {
                throw new PeerException(
                        Fault.NOT_A_PEER, "the snapshot is longer than the " + size + " bytes that were announced");
            }
            out.write(buffer, 0, read);
        }
        if (left > 0) {
            throw new PeerException(Fault.AWAY, "the snapshot broke off " + left + " bytes before its end");
        }
    }
}
