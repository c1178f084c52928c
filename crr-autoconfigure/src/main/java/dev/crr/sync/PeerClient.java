package dev.crr.sync;

import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.MalformedChangesetException;
import dev.crr.SiteId;
import dev.crr.UnknownVersionException;
import dev.crr.wire.ChangesetCodec;
import dev.crr.wire.ChangesetTooLargeException;
import dev.crr.wire.MergeReportJson;
import dev.crr.wire.NumberStyle;
import dev.crr.wire.Receipt;
import dev.crr.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * Speaks to one peer. Thread-safe. Everything that goes wrong on the way or over there is a {@link PeerException}, but for
 * {@link UnknownVersionException} and {@link ChangesetTooLargeException}, which a caller can do something about.
 */
final class PeerClient {

    static final String PAUSED = "it is paused";

    private static final MediaType JSON = MediaType.APPLICATION_JSON;
    private static final MediaType[] CBOR_OR_JSON = {
        MediaType.APPLICATION_CBOR, MediaType.parseMediaType("application/json;q=0.5")
    };

    private final RestClient http;
    private final URI url;
    private final ChangesetCodec codec;
    private final long maxBodySize;
    private volatile Supplier<String> asking = () -> "";
    private volatile Supplier<String> sending = () -> "";
    private volatile BooleanSupplier paused = () -> false;

    /** What the peer is known, or hoped, to understand. */
    private volatile WireFormat format;

    PeerClient(RestClient http, URI url, ChangesetCodec codec, long maxBodySize) {
        this.http = http;
        this.url = url;
        this.codec = codec;
        this.maxBodySize = maxBodySize;
        this.format = codec.speaks(WireFormat.CBOR) ? WireFormat.CBOR : WireFormat.JSON;
    }

    /** What to add to the queries of requests that ask for changes and that send some; asked for each time. */
    void introduce(Supplier<String> whenAsking, Supplier<String> whenSending) {
        this.asking = whenAsking;
        this.sending = whenSending;
    }

    /** Sends nothing any more while this is true. */
    void holdWhile(BooleanSupplier isPaused) {
        this.paused = isPaused;
    }

    /** Whether the peer's file ever was in an epoch of ours. */
    boolean knows(Epoch epoch) {
        try {
            ask(URI.create(url + "/changes?since=0&limit=1&epoch=" + epoch));
            return true;
        } catch (UnknownVersionException e) {
            return false;
        }
    }

    /**
     * Tells the peer that somebody else uses its site id.
     *
     * @param shared the site id
     * @param other the epoch of that somebody
     * @param unknown the peer's epoch, if that somebody never was in it
     * @return the peer's site id after that
     */
    SiteId tell(SiteId shared, Epoch other, @Nullable Epoch unknown) {
        Changeset nothing = new Changeset(shared, other, 0, 0, null, null, false, List.of());
        return send(nothing, unknown == null ? "" : "?unknown=" + unknown)
                .report()
                .siteId();
    }

    /**
     * Asks how things stand.
     *
     * @param us who asks
     */
    PeerStatus status(SiteId us) {
        return call(
                http.get().uri(URI.create(url + "?peer=" + us)).accept(JSON), answer -> PeerStatus.read(answer.json()));
    }

    /**
     * Asks for changes.
     *
     * @param query which ones
     * @param us who asks, and thereby acknowledges what came before {@code query.since()}
     */
    Changeset changes(ChangeQuery query, SiteId us) {
        return changes(query, us, Duration.ZERO);
    }

    /**
     * Asks for changes.
     *
     * @param query which ones
     * @param us who asks, and thereby acknowledges what came before {@code query.since()}
     * @param wait how long the peer may keep us waiting until there are some, in whole seconds; zero for not at all
     */
    Changeset changes(ChangeQuery query, SiteId us, Duration wait) {
        StringBuilder uri = new StringBuilder(url + "/changes?since=" + query.since() + "&peer=" + us);
        if (query.epoch() != null) {
            uri.append("&epoch=").append(query.epoch());
        }
        if (query.exclude() != null) {
            uri.append("&exclude=").append(query.exclude());
        }
        if (query.rules() != null) {
            uri.append("&rules=").append(query.rules());
        }
        if (query.limit() > 0) {
            uri.append("&limit=").append(query.limit());
        }
        if (!wait.isZero()) {
            uri.append("&wait=").append(wait.toSeconds());
        }
        query.tables().stream()
                .sorted()
                .forEach(table -> uri.append("&table=").append(URLEncoder.encode(table, StandardCharsets.UTF_8)));
        String introduced = asking.get();
        if (!introduced.isEmpty()) {
            uri.append('&').append(introduced);
        }
        return ask(URI.create(uri.toString()));
    }

    private Changeset ask(URI uri) {
        try {
            MediaType[] accepted = codec.speaks(WireFormat.CBOR) ? CBOR_OR_JSON : new MediaType[] {JSON};
            return call(http.get().uri(uri).accept(accepted), this::changeset);
        } catch (UnsupportedFormatException e) {
            // Somebody who knows neither how to choose nor that there is JSON as well.
            return call(http.get().uri(uri).accept(JSON), this::changeset);
        }
    }

    private Changeset changeset(PeerAnswer answer) throws IOException {
        format = answer.isCbor() ? WireFormat.CBOR : WireFormat.JSON;
        return answer.changeset(codec);
    }

    /**
     * Sends changes.
     *
     * @param changeset the changes
     * @param receiver the peer's epoch as far as we know. In another one the peer may lack what the changeset leaves out, and does
     *     not count it as received
     */
    Receipt push(Changeset changeset, Epoch receiver) {
        String introduced = sending.get();
        return send(changeset, "?receiverEpoch=" + receiver + (introduced.isEmpty() ? "" : "&" + introduced));
    }

    private Receipt send(Changeset changeset, String query) {
        WireFormat tried = format;
        try {
            return send(changeset, query, tried);
        } catch (UnsupportedFormatException e) {
            if (tried == WireFormat.JSON) {
                throw e;
            }
            format = WireFormat.JSON;
            return send(changeset, query, WireFormat.JSON);
        }
    }

    private Receipt send(Changeset changeset, String query, WireFormat as) {
        byte[] body = encoded(changeset, as);
        return call(
                http.post()
                        .uri(URI.create(url + "/changes" + query))
                        .contentType(MediaType.valueOf(as.mediaType()))
                        .accept(JSON)
                        .header(HttpHeaders.CONTENT_ENCODING, "gzip")
                        .contentLength(body.length)
                        .body(out -> out.write(body)),
                answer -> MergeReportJson.read(answer.json()));
    }

    private byte[] encoded(Changeset changeset, WireFormat as) {
        try {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            // Limited here rather than have the peer cut the connection in the middle.
            try (OutputStream gzip = new SizeLimitedOutputStream(new GZIPOutputStream(compressed), maxBodySize)) {
                codec.write(changeset, gzip, as, NumberStyle.PLAIN);
            }
            return compressed.toByteArray();
        } catch (IOException impossible) {
            throw new IllegalStateException("memory does not fail to be written", impossible);
        }
    }

    private <T> T call(RestClient.RequestHeadersSpec<?> request, AnswerReader<T> reader) {
        // Between two pieces of a long exchange, too.
        if (paused.getAsBoolean()) {
            throw new PeerException(Fault.OTHER, PAUSED);
        }
        try {
            return request.header(HttpHeaders.ACCEPT_ENCODING, "gzip").exchangeForRequiredValue((sent, response) -> {
                try {
                    return reader.read(new PeerAnswer(response, maxBodySize));
                } finally {
                    // Here and now, because Spring would first read to the end of a body that may have none.
                    response.getBody().close();
                }
            });
        } catch (MalformedChangesetException e) {
            throw new PeerException(Fault.NOT_A_PEER, "its answer is not understood: " + e.getMessage(), e);
        } catch (ResourceAccessException e) {
            // What Spring adds repeats the URL.
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new PeerException(Fault.AWAY, "it cannot be reached: " + Causes.describe(reason), e);
        }
    }

    /** Makes something of an answer. */
    @FunctionalInterface
    private interface AnswerReader<T> {
        T read(PeerAnswer answer) throws IOException;
    }
}
