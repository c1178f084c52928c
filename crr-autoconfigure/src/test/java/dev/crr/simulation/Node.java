package dev.crr.simulation;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.ChangesetBounds;
import dev.crr.Epoch;
import dev.crr.Horizon;
import dev.crr.MergeReport;
import dev.crr.ReplicatedTable;
import dev.crr.SiteId;
import dev.crr.SqlNames;
import dev.crr.TombstoneReport;
import dev.crr.TrackedPeer;
import dev.crr.engine.CrrEngine;
import dev.crr.engine.CrrInstaller;
import dev.crr.engine.Snapshots;
import dev.crr.engine.TableSpec;
import dev.crr.engine.TableSwitch;
import dev.crr.sync.CloneWatch;
import dev.crr.sync.ReplicaIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** One replica of the simulated application. */
final class Node implements ReplicaIdentity, AutoCloseable {

    /** A database of each schema with everything installed: making one takes longer than most histories. */
    private static final Map<List<String>, byte[]> IMAGES = new ConcurrentHashMap<>();

    private static final int CONSTRAINT = 19;

    private final List<Table> tables;
    private Database database;
    private final CrrInstaller installer = new CrrInstaller();
    private SiteId siteId;
    private CrrEngine engine = engine();
    private boolean newer;
    private long lastVersion;
    private final Map<Long, String> rowsByVersion = new HashMap<>();

    // What a process knows in memory only.
    private CloneWatch watch = new CloneWatch(this);
    private final Set<List<Object>> recovered = new HashSet<>();
    private final Set<List<Object>> givingBack = new HashSet<>();
    private final Map<List<Object>, Epoch> asked = new HashMap<>();
    private final Map<List<Object>, Had> had = new HashMap<>();
    private Map<SiteId, SiteId> heeded = Map.of();

    // What an administrator has put aside.
    private final List<Kept> kept = new ArrayList<>();

    Node(int index, List<Table> tables, boolean newer, Path folder) throws SQLException {
        this.tables = tables;
        this.newer = newer;
        this.siteId = SiteId.parse("%032x".formatted(index + 1));
        this.database = Database.of(image(tables, newer), folder);
        database.execute("UPDATE crr_site SET site_id = x'" + siteId + "'");
        database.execute("UPDATE crr_epoch SET id = randomblob(16)");
    }

    private Node(Node original, Path folder) throws SQLException {
        this.tables = original.tables;
        this.newer = original.newer;
        this.siteId = original.siteId;
        this.database = Database.of(original.database.image(), folder);
        this.kept.addAll(original.kept);
        start();
    }

    private Node(List<Table> tables, Database database) throws SQLException {
        this.tables = tables;
        this.newer = true;
        this.database = database;
        start();
    }

    /** Goes on with the file that was made in a folder before, on the newer schema. */
    static Node in(Path folder, List<Table> tables) throws SQLException {
        return new Node(tables, Database.in(folder));
    }

    /** Begins to use a copy of this one's file. */
    Node copy(Path folder) throws SQLException {
        return new Node(this, folder);
    }

    private record Had(Epoch epoch, long version) {}

    private record Kept(ByteBuffer image, boolean newer) {}

    /** Puts a copy of the file aside. */
    void keep() throws SQLException {
        kept.add(new Kept(ByteBuffer.wrap(database.image()), newer));
    }

    /** Goes on with one of those that were put aside. */
    void restore(int which) throws SQLException {
        if (!kept.isEmpty()) {
            Kept copy = kept.get(which % kept.size());
            database.replace(copy.image().array());
            newer = copy.newer();
            lastVersion = 0;
            rowsByVersion.clear();
            start();
        }
    }

    void takeNewSiteId() throws SQLException {
        inTransaction(() -> {
            engine.takeNewSiteId(database.connection());
            return null;
        });
        siteId = engine.identity(database.connection()).siteId();
    }

    Epoch epoch() throws SQLException {
        return engine.identity(database.connection()).epoch();
    }

    CloneWatch watch() {
        return watch;
    }

    @Override
    public boolean knows(Epoch epoch) {
        return quietly(() -> engine.knows(database.connection(), epoch));
    }

    @Override
    public void takeNewSiteId(SiteId shared, Epoch other) {
        throw new IllegalStateException("the world sees to that");
    }

    @Override
    public Map<SiteId, SiteId> clones() {
        return quietly(() -> engine.clones(database.connection()));
    }

    @Override
    public void learn(SiteId copy, SiteId former) {
        quietly(() -> inTransaction(() -> {
            engine.learnClone(database.connection(), copy, former);
            return null;
        }));
    }

    @Override
    public String lastTaken() {
        return null;
    }

    /** What becomes known of copies makes a peer as good as never met. */
    void heedClones() {
        Map<SiteId, SiteId> now = clones();
        if (!now.equals(heeded)) {
            recovered.clear();
            asked.clear();
            had.clear();
            heeded = now;
        }
    }

    /** Whether all that a peer had once, ours included, is here, and nobody else writes under our name. */
    boolean mayExcludeItself(Node peer, ChangeQuery scope) {
        return recovered.contains(key(peer, scope)) && !heeded.containsValue(siteId);
    }

    void recovered(Node peer, ChangeQuery scope) {
        recovered.add(key(peer, scope));
    }

    boolean asks(Node peer, ChangeQuery scope) throws SQLException {
        return !peer.epoch().equals(asked.get(key(peer, scope)));
    }

    void asked(Node peer, ChangeQuery scope) throws SQLException {
        asked.put(key(peer, scope), peer.epoch());
    }

    /** What this one had when it met the peer in its present epoch, which is given even what the peer wrote. */
    long had(Node peer, ChangeQuery scope) throws SQLException {
        Had before = had.get(key(peer, scope));
        if (before == null || !before.epoch().equals(peer.epoch())) {
            before = new Had(peer.epoch(), version());
            had.put(key(peer, scope), before);
        }
        return before.version();
    }

    /** Whether to send a peer even what it wrote itself. Goes back to where that begins the first time. */
    boolean givesEverything(Node peer, ChangeQuery scope) throws SQLException {
        Long owed = engine.owed(database.connection(), peer.siteId, scope.scope());
        if (owed != null && givingBack.add(key(peer, scope))) {
            recordSent(peer, scope, owed, cursor(peer, scope).sentEpoch());
        }
        return owed != null || heeded.containsValue(peer.siteId);
    }

    void gave(Node peer, ChangeQuery scope) throws SQLException {
        if (givingBack.remove(key(peer, scope))) {
            engine.settle(database.connection(), peer.siteId, scope.scope());
        }
    }

    /** The peer has less than it had. */
    void goBack(Node peer, ChangeQuery scope, long version, Epoch epoch) throws SQLException {
        recordSent(peer, scope, version, epoch);
        engine.owe(database.connection(), peer.siteId, scope.scope(), version);
        givingBack.add(key(peer, scope));
    }

    /** The peer never gave out what we asked it for. */
    void rewind(Node peer, ChangeQuery scope, TrackedPeer cursor, long resume) throws SQLException {
        Epoch epoch = resume == 0 ? null : cursor.receivedEpoch();
        engine.setReceived(database.connection(), peer.siteId, scope.scope(), resume, epoch);
        engine.owe(database.connection(), peer.siteId, scope.scope(), cursor.sent());
        recovered.remove(key(peer, scope));
    }

    private static List<Object> key(Node peer, ChangeQuery scope) {
        return List.of(peer.siteId, String.valueOf(scope.scope()));
    }

    private interface Question<T> {
        T ask() throws SQLException;
    }

    private static <T> T quietly(Question<T> question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] image(List<Table> tables, boolean newer) throws SQLException {
        List<String> ddl = ddl(tables, newer);
        byte[] known = IMAGES.get(ddl);
        if (known == null) {
            try (Database database = Database.empty()) {
                boolean renames = newer && tables.stream().anyMatch(Table::renamed);
                for (String sql : renames ? ddl(tables, false) : ddl) {
                    database.execute(sql);
                }
                if (renames) {
                    new CrrInstaller().install(database.connection(), specs(tables, false));
                    for (Table table : tables) {
                        for (String sql : table.upgrade()) {
                            database.execute(sql);
                        }
                    }
                }
                new CrrInstaller().install(database.connection(), specs(tables, newer));
                known = database.image();
            }
            IMAGES.put(ddl, known);
        }
        return known;
    }

    private static List<String> ddl(List<Table> tables, boolean newer) {
        return tables.stream()
                .flatMap(table -> table.create(newer).stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static List<TableSpec> specs(List<Table> tables, boolean newer) {
        return tables.stream()
                .filter(table -> newer || !table.later())
                .map(table -> new TableSpec(table.name(), null, Set.of()))
                .toList();
    }

    private static CrrEngine engine() {
        return new CrrEngine(100_000, 1_000_000);
    }

    @Override
    public SiteId siteId() {
        return siteId;
    }

    long version() throws SQLException {
        return engine.identity(database.connection()).version();
    }

    void write(List<String> statements) throws SQLException {
        for (String sql : statements) {
            try {
                database.execute(sql);
            } catch (SQLException e) {
                // Either the data forbids it, or the schema lacks what an upgrade dropped from the schedule would have
                // brought.
                if ((e.getErrorCode() & 0xFF) != CONSTRAINT
                        && !String.valueOf(e.getMessage()).matches("(?s).*(no such|has no) (table|column).*")) {
                    throw new SQLException(e.getMessage() + " in " + sql, e);
                }
            }
        }
    }

    Changeset read(ChangeQuery query) throws SQLException {
        Changeset changeset = engine.read(database.connection(), query);
        changeset.changes().forEach(change -> {
            Failure.unless(ChangesetBounds.fault(change) == null, "it would send " + change);
            String row = SqlNames.fold(change.table()) + change.key(); // an upgrade may spell it anew
            String other = rowsByVersion.putIfAbsent(change.dbVersion(), row);
            Failure.unless(
                    other == null || other.equals(row),
                    "version " + change.dbVersion() + " stands for " + other + " and for " + row);
        });
        return changeset;
    }

    /** Deletes the row of a change, and no trigger sees it. */
    void vanish(Change change) throws SQLException {
        for (Table table : tables) {
            if (table.name().equals(change.table()) && tableNames().contains(table.name())) {
                List<String> key = new ArrayList<>();
                for (int i = 0; i < table.keys().size(); i++) {
                    key.add(table.keys().get(i).name() + " = " + change.key().get(i));
                }
                database.execute("UPDATE crr_state SET merging = '" + table.name() + "'");
                database.execute("DELETE FROM " + table.name() + " WHERE " + String.join(" AND ", key));
                database.execute("UPDATE crr_state SET merging = NULL");
            }
        }
    }

    /** Requires that every living clock has its row. */
    void checkRows() throws SQLException {
        for (Table table : tables) {
            if (tableNames().contains(table.name())) {
                String keys = table.keys().stream()
                        .map(key -> "t." + key.name() + " = r." + key.name())
                        .collect(Collectors.joining(" AND "));
                List<String> missing = database.query("SELECT __crr_version FROM " + table.name()
                        + "__crr_row r WHERE __crr_cl & 1 AND NOT EXISTS (SELECT 1 FROM " + table.name() + " t WHERE "
                        + keys + ")");
                Failure.unless(missing.isEmpty(), "clocks without rows in " + table.name() + ": " + missing);
            }
        }
    }

    /** Edits rows so that what is held of them fits, and requires that the next merge applies it, whatever that brings. */
    void mendSpans() throws SQLException {
        database.execute("UPDATE span SET lo = NULL");
        fetched(new Changeset(siteId, null, 0, 0, null, null, false, List.of()));
        List<String> left = database.query(
                "SELECT s.id FROM span s JOIN crr_quarantine q ON q.\"table\" = 'span'"
                        + " AND q.cid = 'hi' AND CAST(substr(q.pk, 4) AS TEXT) = s.id WHERE q.retry AND s.id <> '' AND s.lo IS NULL");
        Failure.unless(left.isEmpty(), "held though it fits after an edit: " + left);
    }

    /** What stays in quarantine for good. */
    void dropForged() throws SQLException {
        database.execute("DELETE FROM crr_quarantine WHERE reason LIKE '%to be honest%'");
    }

    /** Merges what was asked for. */
    MergeReport fetched(Changeset changeset) throws SQLException {
        return inTransaction(
                () -> engine.mergeTolerantly(database.connection(), changeset).report());
    }

    /** Merges what came unasked. */
    MergeReport sent(Changeset changeset) throws SQLException {
        return inTransaction(
                () -> engine.merge(database.connection(), changeset).report());
    }

    void crashInMerge(Changeset changeset, boolean committed) throws SQLException {
        if (committed) {
            fetched(changeset);
        } else {
            database.execute("BEGIN IMMEDIATE");
            engine.mergeTolerantly(database.connection(), changeset);
        }
        database.kill();
        start();
    }

    private interface Work {
        MergeReport run() throws SQLException;
    }

    private MergeReport inTransaction(Work work) throws SQLException {
        database.execute("BEGIN IMMEDIATE");
        boolean done = false;
        try {
            MergeReport report = work.run();
            done = true;
            return report;
        } finally {
            database.execute(done ? "COMMIT" : "ROLLBACK");
        }
    }

    /** All that is in its file. */
    byte[] image() throws SQLException {
        return database.image();
    }

    /** Another file takes the place of its own: an older copy, or a snapshot of another replica. */
    void replace(byte[] image) throws SQLException {
        database.close();
        database = Database.of(image, null);
        start();
        siteId = engine.identity(database.connection()).siteId();
        lastVersion = version();
        rowsByVersion.clear();
    }

    /** A copy for a replica that begins with it. */
    byte[] snapshot(Path folder) throws SQLException, IOException {
        Path copy = folder.resolve("snapshot.db");
        Files.deleteIfExists(copy);
        Snapshots.write(database.connection(), copy, List.of());
        Snapshots.adopt(copy);
        return Files.readAllBytes(copy);
    }

    TombstoneReport cleanTombstones(Set<SiteId> members) throws SQLException {
        return engine.cleanTombstones(database.connection(), members, false);
    }

    List<Horizon> horizons() throws SQLException {
        return engine.horizons(database.connection());
    }

    void execute(String sql) throws SQLException {
        database.execute(sql);
    }

    void acknowledge(Node peer, TrackedPeer cursor) throws SQLException {
        if (cursor.received() > 0) {
            engine.setSent(database.connection(), peer.siteId, null, cursor.received(), cursor.receivedEpoch(), true);
        }
    }

    /** Causal lengths by table and key. */
    Map<String, Long> causalLengths() throws SQLException {
        Map<String, Long> lengths = new HashMap<>();
        for (Table table : tables) {
            String key = table.keys().stream()
                    .map(column -> "quote(" + column.name() + ")")
                    .collect(Collectors.joining(" || ',' || "));
            for (String row : database.query("SELECT '" + table.name() + " ' || " + key + " || ' ' || __crr_cl FROM "
                    + table.name() + "__crr_row")) {
                int end = row.lastIndexOf(' ');
                lengths.put(row.substring(0, end), Long.parseLong(row.substring(end + 1)));
            }
        }
        return lengths;
    }

    /** All rows, and the clocks of those that live. */
    List<String> livingDump() throws SQLException {
        return dump("WHERE cl & 1");
    }

    TrackedPeer cursor(Node peer, ChangeQuery scope) throws SQLException {
        return engine.cursor(database.connection(), peer.siteId, scope.scope());
    }

    void recordSent(Node peer, ChangeQuery scope, long version, Epoch epoch) throws SQLException {
        engine.setSent(database.connection(), peer.siteId, scope.scope(), version, epoch, false);
    }

    /** How much of this one somebody has who told how far it has come. */
    long reached(MergeReport report) throws SQLException {
        return engine.reached(database.connection(), report.received(), report.receivedEpoch());
    }

    Set<String> tableNames() throws SQLException {
        return engine.tables(database.connection()).stream()
                .map(ReplicatedTable::name)
                .collect(Collectors.toCollection(() -> new TreeSet<>(SqlNames.ORDER)));
    }

    void replicate(String table, boolean on) throws SQLException {
        if (on != tableNames().contains(table)
                && !query("SELECT 1 FROM sqlite_master WHERE name = '" + table + "'")
                        .isEmpty()) {
            inTransaction(() -> {
                if (on) {
                    TableSwitch.on(database.connection(), table);
                } else {
                    TableSwitch.off(database.connection(), table);
                }
                return null;
            });
        }
    }

    /** All tables that it has replicate again. */
    void replicateAll() throws SQLException {
        for (Table table : tables) {
            replicate(table.name(), true);
        }
    }

    void restart() throws SQLException {
        database.reopen();
        start();
    }

    void crash(List<String> uncommitted) throws SQLException {
        database.execute("BEGIN IMMEDIATE");
        write(uncommitted);
        database.kill();
        start();
    }

    void standAside(List<String> meanwhile, boolean killed) throws SQLException {
        installer.standAside(database.connection());
        write(meanwhile);
        if (killed) {
            database.kill();
        }
        start();
    }

    void upgrade(Step.Upgrade upgrade) throws SQLException {
        if (newer) {
            return;
        }
        if (upgrade.aside()) {
            installer.standAside(database.connection());
        }
        write(upgrade.before());
        for (Table table : tables) {
            for (String sql : table.upgrade()) {
                database.execute(sql);
            }
        }
        newer = true;
        write(upgrade.after());
        if (upgrade.killed()) {
            database.kill();
        }
        start();
    }

    private void start() throws SQLException {
        engine = engine();
        installer.install(database.connection(), specs(tables, newer));
        siteId = engine.identity(database.connection()).siteId();
        watch = new CloneWatch(this);
        recovered.clear();
        givingBack.clear();
        asked.clear();
        had.clear();
        heeded = clones();
    }

    /** What must hold after every step. */
    void check() throws SQLException {
        String state = database.query("SELECT version || coalesce(' merging ' || merging, '') FROM crr_state")
                .get(0);
        Failure.unless(!state.contains("merging"), "the guard stays up: " + state);
        long version = Long.parseLong(state);
        Failure.unless(version >= lastVersion, "the version fell from " + lastVersion + " to " + version);
        lastVersion = version;
    }

    /** The version at the last check. */
    long lastVersion() {
        return lastVersion;
    }

    List<TrackedPeer> peers() throws SQLException {
        return engine.trackedPeers(database.connection());
    }

    /** All rows and all clocks. */
    List<String> dump() throws SQLException {
        return dump("");
    }

    private List<String> dump(String which) throws SQLException {
        List<String> dump = new ArrayList<>();
        for (Table table : tables) {
            dump.addAll(database.query(table.dump()));
        }
        dump.addAll(database.query(
                "SELECT lower(\"table\") || ' ' || hex(pk) || ' ' || lower(cid) || ' ' || quote(val) || ' ' || col_version || ' cl ' || cl FROM crsql_changes "
                        + which + " ORDER BY 1"));
        return dump;
    }

    /** Versions that stand for several rows, and changes of the view that a full read does not bring. */
    void checkView() throws SQLException {
        // One query, as the view takes longer to prepare than to read.
        List<String> counted =
                database.query("SELECT count(DISTINCT \"table\" || hex(pk)) || ' ' || count(*) || ' ' || db_version"
                        + " FROM crsql_changes GROUP BY db_version");
        int viewed = 0;
        for (String version : counted) {
            Failure.unless(
                    version.startsWith("1 "), "rows, changes and version: " + version + " stands for several rows");
            viewed += Integer.parseInt(version.split(" ", -1)[1]);
        }
        int read = read(ChangeQuery.ALL).changes().size();
        Failure.unless(viewed == read, "the view has " + viewed + " changes, a full read brings " + read);
    }

    List<String> query(String sql) throws SQLException {
        return database.query(sql);
    }

    List<String> quarantine() throws SQLException {
        return database.query("SELECT \"table\" || ' ' || hex(pk) || ' ' || cid || ': ' || reason FROM crr_quarantine");
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
