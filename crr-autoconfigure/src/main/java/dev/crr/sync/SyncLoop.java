package dev.crr.sync;

import dev.crr.ChangesetService;
import dev.crr.SiteId;
import dev.crr.wire.ChangesetCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.client.RestClient;

/**
 * Exchanges changes with all peers, again and again while the application runs. A peer that is away, slow or broken affects no
 * other. Thread-safe.
 */
public final class SyncLoop implements SmartLifecycle {

    private final List<PeerWorker> workers;
    private final CommitWatch watch;
    private final Listeners listeners = new Listeners();
    private final LivePushThreads pushes = new LivePushThreads();
    private final Duration patience;
    private CommitWatch.@Nullable Subscription commits;
    private volatile boolean running;
    private volatile boolean paused;

    /**
     * @param peers whom to exchange changes with
     * @param service reads and merges ours
     * @param cursors how far each peer and we have come
     * @param clones finds out about copies
     * @param codec the format
     * @param http what to build each peer's client from; its request factory is replaced
     * @param sslBundles where peers' SSL bundles are found; null if there are none
     * @param settings how often, how much, how long
     * @param events who is told when a peer comes or goes
     * @param watch tells when there is something to send
     * @param tokens where bearer tokens come from that are not configured; null for nowhere
     * @param observer measures what is exchanged
     * @throws IllegalArgumentException if two peers have the same name, or a peer's SSL bundle cannot be found
     */
    public SyncLoop(
            List<Peer> peers,
            ChangesetService service,
            CursorStore cursors,
            CloneWatch clones,
            ChangesetCodec codec,
            RestClient.Builder http,
            @Nullable SslBundles sslBundles,
            SyncSettings settings,
            ApplicationEventPublisher events,
            CommitWatch watch,
            @Nullable PeerTokenSupplier tokens,
            ExchangeObserver observer) {
        requireDistinctNames(peers);
        this.patience = settings.connectTimeout().plus(settings.readTimeout());
        PeerConnections connections = new PeerConnections(http, sslBundles, settings, tokens);
        this.watch = settings.live() ? watch : CommitWatch.BLIND;
        this.workers = peers.stream()
                .map(peer -> new PeerWorker(
                        new PeerSync(
                                peer,
                                new PeerClient(
                                        observed(connections.to(peer), peer, observer),
                                        peer.url(),
                                        codec,
                                        settings.maxBodySize()),
                                service,
                                cursors,
                                clones,
                                settings,
                                new PeerJournal(peer, events, Clock.systemUTC()),
                                listeners,
                                observer),
                        settings,
                        pushes))
                .toList();
    }

    /**
     * How things stand.
     *
     * @return one entry per peer, in the order they were given
     */
    public List<PeerState> peers() {
        return workers.stream().map(worker -> worker.sync().state()).toList();
    }

    /**
     * Tells that a database called us. If it may be a peer that could not be reached, it is tried again soon.
     *
     * @param site the database
     */
    public void heardFrom(SiteId site) {
        workers.forEach(worker -> worker.heardFrom(site));
    }

    /**
     * Exchanges changes now and waits for it, but no longer than connecting and one answer may take. What was committed before the
     * call takes part.
     *
     * @param peerName with whom; null for all
     * @return one outcome per peer; a peer that fails is no exception
     * @throws NoSuchPeerException if no peer has this name
     */
    public List<SyncOutcome> syncNow(@Nullable String peerName) {
        List<PeerWorker> chosen = workers(peerName);
        List<CompletableFuture<SyncOutcome>> rounds =
                chosen.stream().map(PeerWorker::request).toList();
        // Of all rounds together: they run side by side.
        CompletableFuture.anyOf(
                        CompletableFuture.allOf(rounds.toArray(CompletableFuture[]::new)),
                        new CompletableFuture<>().completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS))
                .join();
        return IntStream.range(0, rounds.size())
                .mapToObj(i ->
                        rounds.get(i).getNow(unfinished(chosen.get(i).sync().peer())))
                .toList();
    }

    /**
     * Exchanges nothing with a peer, in either direction, until {@link #resume} or a restart. Rounds end where they stand. Of a
     * peer that was never met only its own URL is known, so that what it sends by itself is still taken.
     *
     * @param peerName with whom; null for everybody, even those who are no configured peers
     * @throws NoSuchPeerException if no peer has this name
     */
    public synchronized void pause(@Nullable String peerName) {
        List<PeerWorker> chosen = workers(peerName);
        paused |= peerName == null;
        chosen.forEach(PeerWorker::pause);
    }

    /**
     * Goes on after {@link #pause}, at once.
     *
     * @param peerName with whom; null for everybody, those who were paused by name as well
     * @throws NoSuchPeerException if no peer has this name
     * @throws IllegalStateException if a peer is to be resumed alone while everybody is paused
     */
    public synchronized void resume(@Nullable String peerName) {
        List<PeerWorker> chosen = workers(peerName);
        if (peerName != null && paused) {
            throw new IllegalStateException("everything is paused: resume everything, then pause single peers");
        }
        paused = false;
        chosen.forEach(PeerWorker::resume);
    }

    /**
     * Whether everything is paused.
     *
     * @return true after {@link #pause} of everybody
     */
    public boolean paused() {
        return paused;
    }

    /**
     * Whether nothing may be exchanged with a database.
     *
     * @param site the database; null if it does not say who it is
     * @return true if everything is paused, or the peer with this database
     */
    public boolean paused(@Nullable SiteId site) {
        return paused
                || (site != null
                        && peers().stream()
                                .anyMatch(peer ->
                                        peer.condition() == PeerState.Condition.PAUSED && site.equals(peer.siteId())));
    }

    /**
     * Who need not be sent anything.
     *
     * @return the databases whose requests are held here, to be kept by whoever holds them
     */
    public Listeners listeners() {
        return listeners;
    }

    private SyncOutcome unfinished(Peer peer) {
        return new SyncOutcome(
                peer.name(), 0, 0, "it has not come to an end within " + patience.toSeconds() + " s, and goes on");
    }

    private List<PeerWorker> workers(@Nullable String peerName) {
        List<PeerWorker> chosen = workers.stream()
                .filter(worker ->
                        peerName == null || worker.sync().peer().name().equals(peerName))
                .toList();
        if (peerName != null && chosen.isEmpty()) {
            throw new NoSuchPeerException(peerName);
        }
        return chosen;
    }

    @Override
    public synchronized void start() {
        if (!running) {
            running = true;
            pushes.start();
            workers.forEach(PeerWorker::start);
            if (workers.stream().anyMatch(worker -> worker.sync().peer().push())) {
                commits = watch.subscribe(version -> workers.forEach(worker -> worker.committed(version)));
            }
        }
    }

    /** Ends running rounds where they stand; whatever they had not committed comes again next time. */
    @Override
    public synchronized void stop() {
        if (running) {
            running = false;
            if (commits != null) {
                commits.close();
            }
            pushes.interrupt();
            // All at first, so that their ends are awaited side by side.
            List<Thread> stopped = workers.stream()
                    .map(PeerWorker::interrupt)
                    .filter(Objects::nonNull)
                    .toList();
            stopped.forEach(PeerWorker::awaitEnd);
            pushes.awaitEnd();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private static RestClient observed(RestClient client, Peer peer, ExchangeObserver observer) {
        return observer == ExchangeObserver.NONE
                ? client
                : client.mutate()
                        .requestInterceptor(new PeerTraffic(peer.name(), observer))
                        .build();
    }

    private static void requireDistinctNames(List<Peer> peers) {
        Set<String> names = new HashSet<>();
        for (Peer peer : peers) {
            if (!names.add(peer.name())) {
                throw new IllegalArgumentException("two peers are named \"" + peer.name() + "\"");
            }
        }
    }
}
