package dev.crr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.Epoch;
import dev.crr.QuarantineFullException;
import dev.crr.ReplicatedTable;
import dev.crr.SiteId;
import dev.crr.UnknownVersionException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.client.RestClient;

@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class PeerSyncTests {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final SiteId OTHER = SiteId.parse("cccccccccccccccccccccccccccccccc");

    private final RecordingChangesetService service = new RecordingChangesetService();
    private final InMemoryCursorStore cursors = service.cursors;
    private final Listeners listeners = new Listeners();
    private ScriptedPeer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedPeer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aQuietRoundSendsNothing() {
        PeerSync sync = sync();
        cursors.moveReceived(ScriptedPeer.SITE, null, new Cursor(0, ScriptedPeer.EPOCH));
        assertThat(sync.round()).isEqualTo(new SyncOutcome("b", 0, 0, null));
        assertThat(server.asked).hasSize(1);
        assertThat(server.pushed).isEmpty();
        assertThat(service.applied).isEmpty();
        assertThat(sync.state())
                .isEqualTo(new PeerState(
                        "b",
                        server.url(),
                        ScriptedPeer.SITE,
                        PeerState.Condition.CONNECTED,
                        null,
                        0L,
                        0L,
                        0L,
                        0,
                        0,
                        NOW,
                        null,
                        null));
    }

    @Test
    void pullsUntilThereIsNoMore() {
        server.status = exchange -> ScriptedPeer.json(
                exchange, 200, ScriptedPeer.status(ScriptedPeer.SITE, ScriptedPeer.EPOCH, 12, "deck"));
        server.changes = exchange -> {
            long since = since();
            ScriptedPeer.changeset(exchange, since, since + 5, since < 5, 2);
        };
        PeerSync sync = sync();

        SyncOutcome outcome = sync.round();

        assertThat(outcome).isEqualTo(new SyncOutcome("b", 4, 0, null));
        assertThat(service.applied).extracting(Changeset::version).containsExactly(5L, 10L);
        assertThat(ScriptedPeer.parameter(server.asked.get(1), "epoch")).containsExactly(ScriptedPeer.EPOCH.toString());
        assertThat(ScriptedPeer.parameter(server.asked.get(1), "peer")).containsExactly(service.siteId.toString());
        assertThat(sync.state().received()).isEqualTo(10);
        assertThat(sync.state().lag()).isEqualTo(2);
    }

    @Test
    void leavesOurOwnChangesOutOnceTheyAreKnownToBeHere() {
        PeerSync sync = sync();
        sync.round();
        sync.round();
        assertThat(ScriptedPeer.parameter(server.asked.get(0), "exclude")).isEmpty();
        assertThat(ScriptedPeer.parameter(server.asked.get(1), "exclude")).containsExactly(service.siteId.toString());
    }

    @Test
    void exchangesWhatBothHave() {
        service.tables = tables("deck", "card", "note");
        server.status = exchange -> ScriptedPeer.json(
                exchange, 200, ScriptedPeer.status(ScriptedPeer.SITE, ScriptedPeer.EPOCH, 0, "card", "DECK"));
        server.changes = exchange -> ScriptedPeer.changeset(
                exchange, new Changeset(ScriptedPeer.SITE, ScriptedPeer.EPOCH, 0, 5, null, "theirs", false, List.of()));
        service.version = 3;
        String scope = ChangeQuery.ALL.onTables(List.of("card", "deck")).scope();

        assertThat(sync().round().success()).isTrue();

        assertThat(ScriptedPeer.parameter(server.asked.get(0), "table"))
                .as("spelled as there")
                .containsExactlyInAnyOrder("card", "DECK");
        assertThat(service.applied.get(0).scope()).isEqualTo(scope);
        assertThat(server.pushed.get(0).scope()).isEqualTo(scope);
        assertThat(cursors.sent(ScriptedPeer.SITE, scope).version()).isEqualTo(3);
    }

    @Test
    void asksForNoTablesIfTheSetsAreEqual() {
        sync().round();
        assertThat(server.asked.get(0)).doesNotContain("table=");
    }

    @Test
    void exchangesNothingIfNothingIsInCommon() {
        server.status = exchange -> ScriptedPeer.json(
                exchange, 200, ScriptedPeer.status(ScriptedPeer.SITE, ScriptedPeer.EPOCH, 0, "other"));
        assertFails("there is nothing to exchange: no table replicates on both sides (here [deck], there [other])");
        assertThat(server.asked).isEmpty();
        assertThat(server.pushed).isEmpty();
    }

    @Test
    void skipsItself(CapturedOutput output) {
        server.status = exchange ->
                ScriptedPeer.json(exchange, 200, ScriptedPeer.status(service.siteId, service.epoch, 0, "deck"));
        PeerSync sync = sync();
        sync.round();
        assertThat(sync.round().error()).isEqualTo("it is this application itself, and is skipped");
        assertThat(server.asked).isEmpty();
        assertThat(output).containsOnlyOnce("is this application itself");
    }

    @Test
    void takesANewSiteIdIfTheCloneIsInTheLesserEpoch() {
        SiteId shared = service.siteId;
        Epoch lesser = Epoch.parse("00000000000000000000000000000001");
        server.status = exchange -> ScriptedPeer.json(exchange, 200, ScriptedPeer.status(shared, lesser, 0, "deck"));
        server.changes = exchange -> {
            if (ScriptedPeer.parameter(server.asked.get(server.asked.size() - 1), "peer")
                    .isEmpty()) {
                ScriptedPeer.json(exchange, 409, "{\"resume\": 0}");
            } else {
                ScriptedPeer.changeset(exchange, new Changeset(shared, lesser, 0, 5, null, null, false, List.of()));
            }
        };
        assertThat(sync().round()).isEqualTo(new SyncOutcome("b", 0, 0, null));
        assertThat(service.siteId).isNotEqualTo(shared);
        assertThat(cursors.received(shared, null)).isEqualTo(new Cursor(5, lesser));
    }

    @Test
    void letsTheCloneInTheLargerEpochTakeANewSiteId() {
        SiteId shared = service.siteId;
        Epoch larger = Epoch.parse("ffffffffffffffffffffffffffffffff");
        server.status = withEpoch(shared, larger);
        server.changes = exchange -> {
            if (server.pushed.isEmpty()) {
                ScriptedPeer.json(exchange, 409, "{\"resume\": 0}");
            } else {
                ScriptedPeer.changeset(exchange, 0, 5, false, 0);
            }
        };
        assertThat(sync().round().error()).isNull();
        assertThat(service.siteId).isEqualTo(shared);
        assertThat(server.pushed.get(0))
                .isEqualTo(new Changeset(shared, service.epoch, 0, 0, null, null, false, List.of()));
    }

    /** The peer has taken a new site id once it was told to. */
    private HttpHandler withEpoch(SiteId before, Epoch epoch) {
        return exchange -> ScriptedPeer.json(
                exchange,
                200,
                ScriptedPeer.status(
                        server.pushed.isEmpty() ? before : ScriptedPeer.SITE,
                        server.pushed.isEmpty() ? epoch : ScriptedPeer.EPOCH,
                        0,
                        "deck"));
    }

    @Test
    void takesANewSiteIdIfTheCloneCannotBeToldTo() {
        SiteId shared = service.siteId;
        Epoch larger = Epoch.parse("ffffffffffffffffffffffffffffffff");
        server.status = exchange -> ScriptedPeer.json(exchange, 200, ScriptedPeer.status(shared, larger, 0, "deck"));
        server.changes = exchange -> ScriptedPeer.json(exchange, 409, "{\"resume\": 0}");
        server.push = exchange -> ScriptedPeer.json(exchange, 405, "{}");
        sync().round();
        assertThat(service.siteId).isNotEqualTo(shared);
    }

    @Test
    void tellsOfCopiesEvenIfThereIsNothingElseToSay() {
        service.version = 5;
        PeerSync sync = sync();
        sync.round();
        sync.round();
        assertThat(server.pushed).hasSize(1);
        SiteId copy = SiteId.random();
        service.identity.clones.put(copy, ScriptedPeer.SITE);
        sync.round();
        assertThat(server.pushed).hasSize(2);
        assertThat(server.exchanges)
                .extracting(exchange -> String.valueOf(exchange.getRequestURI().getQuery()))
                .anyMatch(query -> query.contains("clone=" + copy + ":" + ScriptedPeer.SITE));
    }

    @Test
    void anotherProcessOnTheSameFileIsItself(CapturedOutput output) {
        Epoch begunSince = Epoch.random();
        service.identity.known.add(begunSince);
        server.status = exchange ->
                ScriptedPeer.json(exchange, 200, ScriptedPeer.status(service.siteId, begunSince, 0, "deck"));
        SiteId own = service.siteId;
        PeerSync sync = sync();
        sync.round();
        assertThat(sync.round().error()).isEqualTo("it is this application itself, and is skipped");
        assertThat(service.siteId).isEqualTo(own);
        assertThat(server.pushed).isEmpty();
        assertThat(output).containsOnlyOnce("is this application itself");
    }

    @Test
    void goesBackWhereARestoredPeerSays() {
        Epoch before = Epoch.random();
        cursors.moveReceived(ScriptedPeer.SITE, null, new Cursor(50, before));
        server.changes = exchange -> {
            if (since() == 50) {
                ScriptedPeer.json(exchange, 409, "{\"resume\":20}");
            } else {
                ScriptedPeer.changeset(exchange, since(), since() + 1, false, 1);
            }
        };
        PeerSync sync = sync();

        assertThat(sync.round()).isEqualTo(new SyncOutcome("b", 1, 0, null));
        assertThat(server.asked.get(1)).startsWith("since=20&").doesNotContain("exclude=");
        // It knows that epoch, and may be restored once more before it answers.
        assertThat(ScriptedPeer.parameter(server.asked.get(1), "epoch")).containsExactly(before.toString());
        assertThat(cursors.received(ScriptedPeer.SITE, null).version()).isEqualTo(21);
    }

    @Test
    void whatARestoredPeerIsOwedOutlivesARestart() {
        service.version = 9;
        cursors.recordSent(ScriptedPeer.SITE, null, new Cursor(5, null));
        cursors.moveReceived(ScriptedPeer.SITE, null, new Cursor(50, Epoch.random()));
        server.changes = exchange -> {
            if (since() == 50) {
                ScriptedPeer.json(exchange, 409, "{\"resume\":20}");
            } else {
                ScriptedPeer.changeset(exchange, since(), since(), false, 0);
            }
        };
        server.push = exchange -> ScriptedPeer.json(exchange, 500, "{}");
        assertThat(sync().round().success()).isFalse();

        server.push =
                exchange -> ScriptedPeer.report(exchange, server.lastPushed().version());
        PeerSync afterRestart = sync();
        assertThat(afterRestart.round().success()).isTrue();
        assertThat(server.lastPushed().exclude())
                .as("even what it wrote itself")
                .isNull();
        assertThat(cursors.owed(ScriptedPeer.SITE, null)).isNull();

        service.version = 10;
        assertThat(afterRestart.round().success()).isTrue();
        assertThat(server.lastPushed().exclude()).isEqualTo(ScriptedPeer.SITE);
    }

    @Test
    void goesBackOnlyOnceARound() {
        server.changes = exchange -> ScriptedPeer.json(exchange, 409, "{\"resume\":0}");
        assertFails("it does not know the version either that it told us to resume from");
        assertThat(server.asked).hasSize(2);
    }

    @Test
    void aPeerThatDoesNotGetOnEndsTheRound() {
        server.changes = exchange -> ScriptedPeer.changeset(exchange, since(), since(), true, 1);
        assertFails("it says there is more after version 0, but does not get past it");
    }

    @Test
    void anAnswerToAnotherQuestionIsNotApplied() {
        server.changes = exchange -> ScriptedPeer.changeset(exchange, 7, 9, false, 1);
        assertFails("it was asked for changes since 0, but sent those since 7");
        server.changes = exchange -> ScriptedPeer.changeset(
                exchange, new Changeset(ScriptedPeer.SITE, null, 0, 9, OTHER, null, false, List.of()));
        assertFails("it left out the changes of " + OTHER + ", which nobody asked for");
        server.changes = exchange ->
                ScriptedPeer.changeset(exchange, new Changeset(OTHER, null, 0, 9, null, null, false, List.of()));
        assertFails("its status is of the database " + ScriptedPeer.SITE + ", but its changes are of " + OTHER
                + ": is a load balancer in between?");
        assertThat(service.applied).isEmpty();
    }

    @Test
    void pushesUntilThereIsNoMore() {
        service.version = 10;
        service.reading = query -> ours(query, query.since() + 5, query.since() == 0, 3);
        SyncOutcome outcome = sync().round();
        assertThat(outcome).isEqualTo(new SyncOutcome("b", 0, 6, null));
        assertThat(server.pushed).extracting(Changeset::since).containsExactly(0L, 5L);
        assertThat(cursors.sent(ScriptedPeer.SITE, null).version()).isEqualTo(10);
    }

    @Test
    void leavesOutThePeersOwnChangesApartFromThoseThatWereHereBeforeItsEpoch() {
        service.version = 10;
        cursors.recordSent(ScriptedPeer.SITE, null, new Cursor(3, null));
        service.reading = query -> ours(query, service.version, false, 1);
        server.changes = exchange -> {
            service.version = 12;
            ScriptedPeer.changeset(exchange, since(), since(), false, 0);
        };
        PeerSync sync = sync();
        server.push = exchange -> ScriptedPeer.json(exchange, 500, "{}");
        assertThat(sync.round().success()).isFalse();
        server.push =
                exchange -> ScriptedPeer.report(exchange, server.lastPushed().version());
        assertThat(sync.round().success()).isTrue();
        assertThat(server.pushed)
                .extracting(Changeset::exclude)
                .as("what has not arrived")
                .containsOnlyNulls();

        server.changes = exchange -> ScriptedPeer.changeset(exchange, since(), since(), false, 0);
        service.version = 20;
        assertThat(sync.round().success()).isTrue();
        assertThat(server.lastPushed().exclude()).isEqualTo(ScriptedPeer.SITE);

        Epoch next = Epoch.random();
        server.status =
                exchange -> ScriptedPeer.json(exchange, 200, ScriptedPeer.status(ScriptedPeer.SITE, next, 0, "deck"));
        service.version = 30;
        assertThat(sync.round().success()).isTrue();
        assertThat(server.lastPushed().exclude()).isNull();
    }

    @Test
    void whatComesFromThePeerInItsPresentEpochIsNotSentBack() {
        server.changes = exchange -> {
            service.version = 5;
            ScriptedPeer.changeset(exchange, since(), since(), false, 0);
        };
        assertThat(sync().round().success()).isTrue();
        assertThat(server.lastPushed().exclude()).isEqualTo(ScriptedPeer.SITE);
    }

    /** Because it was restored since it was met. */
    @Test
    void sendsEverythingIfThePeerDoesNotCountWhatWasLeftOut() {
        PeerSync sync = sync();
        sync.round();
        service.version = 10;
        service.reading = query -> ours(query, 10, false, 1);
        server.push =
                exchange -> ScriptedPeer.report(exchange, server.lastPushed().exclude() == null ? 10 : 0);
        assertThat(sync.round().success()).isTrue();
        assertThat(server.pushed)
                .extracting(changeset -> changeset.exclude() == null)
                .containsExactly(false, true);
        assertThat(server.exchanges)
                .extracting(exchange -> String.valueOf(exchange.getRequestURI().getQuery()))
                .anyMatch(query -> query.contains("receiverEpoch=" + ScriptedPeer.EPOCH));
        assertThat(cursors.sent(ScriptedPeer.SITE, null).version()).isEqualTo(10);
    }

    @Test
    void movesThePeersCursorPastItsOwnChanges() {
        service.version = 4;
        PeerSync sync = sync();
        sync.round();
        assertThat(server.pushed).extracting(Changeset::version).containsExactly(4L);
        sync.round();
        assertThat(server.pushed).hasSize(1);
    }

    @Test
    void goesBackToWhatThePeerHas() {
        cursors.recordSent(ScriptedPeer.SITE, null, new Cursor(8, null));
        service.version = 10;
        service.reading = query -> ours(query, 10, false, 1);
        server.push =
                exchange -> ScriptedPeer.report(exchange, server.lastPushed().since() > 2 ? 2 : 10);
        assertThat(sync().round().success()).isTrue();
        assertThat(server.pushed).extracting(Changeset::since).containsExactly(8L, 2L);
        assertThat(cursors.sent(ScriptedPeer.SITE, null).version()).isEqualTo(10);
    }

    /** Of the same number there were other changes, before our file was restored. */
    @Test
    void goesBackToWhereThePeersHistoryOfUsAndOursPart() {
        Epoch lost = Epoch.random();
        cursors.recordSent(ScriptedPeer.SITE, null, new Cursor(8, service.epoch));
        cursors.reached = has -> lost.equals(has.epoch()) ? 5 : has.version();
        service.version = 10;
        service.reading = query -> ours(query, 10, false, 1);
        server.push = exchange -> {
            boolean continues = lost.equals(server.lastPushed().sinceEpoch());
            ScriptedPeer.report(exchange, continues ? 10 : 12, continues ? service.epoch : lost);
        };
        assertThat(sync().round().error()).isNull();
        assertThat(server.pushed).extracting(Changeset::since).containsExactly(8L, 5L);
        assertThat(server.pushed).extracting(Changeset::sinceEpoch).containsExactly(service.epoch, lost);
        assertThat(cursors.sent(ScriptedPeer.SITE, null)).isEqualTo(new Cursor(10, service.epoch));
    }

    @Test
    void tellsOnceMoreInWhichEpochItBeginsIfThePeerKnowsItByAnother() {
        Epoch known = Epoch.random();
        cursors.recordSent(ScriptedPeer.SITE, null, new Cursor(8, null));
        service.version = 10;
        service.reading = query -> ours(query, 10, false, 1);
        server.push = exchange ->
                ScriptedPeer.report(exchange, known.equals(server.lastPushed().sinceEpoch()) ? 10 : 8, known);
        assertThat(sync().round().error()).isNull();
        assertThat(server.pushed).extracting(Changeset::since).containsExactly(8L, 8L);
    }

    @Test
    void aPeerThatKeepsNamingOtherEpochsEndsTheRound() {
        cursors.recordSent(ScriptedPeer.SITE, null, new Cursor(8, null));
        service.version = 10;
        service.reading = query -> ours(query, 10, false, 1);
        server.push = exchange -> ScriptedPeer.report(exchange, 8, Epoch.random());
        assertThat(sync().round().error()).startsWith("it stays at our version");
    }

    @Test
    void doesNotBelieveThatThePeerHasMoreThanWeSent() {
        service.version = 10;
        service.reading = query -> ours(query, 10, false, 1);
        server.push = exchange -> ScriptedPeer.report(exchange, 500);
        sync().round();
        assertThat(cursors.sent(ScriptedPeer.SITE, null).version()).isEqualTo(10);
    }

    @Test
    void aPeerWhoseCursorStaysEndsTheRound() {
        service.version = 10;
        service.reading = query -> ours(query, 10, false, 1);
        server.push = exchange -> ScriptedPeer.report(exchange, 0);
        assertFails("it stays at our version 0, although it was sent what comes after");
        assertThat(server.pushed).hasSize(1);
    }

    @Test
    void aPeerThatGoesBackAgainAndAgainEndsTheRound() {
        cursors.recordSent(ScriptedPeer.SITE, null, new Cursor(8, null));
        service.version = 10;
        service.reading = query -> ours(query, 10, false, 1);
        server.push =
                exchange -> ScriptedPeer.report(exchange, server.lastPushed().since() - 1);
        assertThat(sync().round().error()).startsWith("it stays at our version");
        assertThat(server.pushed).hasSize(2);
    }

    @Test
    void goesBackIfOurOwnFileIsOlderThanTheCursor() {
        cursors.recordSent(ScriptedPeer.SITE, null, new Cursor(80, null));
        service.version = 10;
        service.reading = query -> {
            if (query.since() > 10) {
                throw new UnknownVersionException("never", 6);
            }
            return ours(query, 10, false, 1);
        };
        assertThat(sync().round().success()).isTrue();
        assertThat(server.pushed).extracting(Changeset::since).containsExactly(6L);
    }

    @Test
    void sendsLessAtOnceIfThePeerAcceptsNoMore() {
        service.version = 10;
        service.reading = query -> ours(query, 10, false, query.limit());
        server.push = exchange -> {
            if (server.lastPushed().changes().size() > 30) {
                ScriptedPeer.json(exchange, 413, "{}");
            } else {
                ScriptedPeer.report(exchange, 10);
            }
        };
        assertThat(sync().round()).isEqualTo(new SyncOutcome("b", 0, 25, null));
        service.reading = query -> ours(query, 20, false, query.limit());
        server.push = exchange -> ScriptedPeer.json(exchange, 413, "{}");
        assertThat(sync().round().error()).startsWith("it finds even nothing too large");
    }

    @Test
    void whatIsTooLargeAndCannotBeLeftOutIsAFault() {
        // Its members come after its changes, so that nobody knows where to go on.
        server.changes = exchange -> ScriptedPeer.json(exchange, 200, "{\"changes\":[" + " ".repeat(1_100_000) + "]}");
        PeerSync sync = sync();
        assertThat(sync.round().error())
                .startsWith("what comes after its version 0 is too large, and cannot be left out");
        assertThat(sync.state().fault()).isEqualTo(Fault.TOO_LARGE);
        assertThat(sync.state().skipped()).isZero();
        assertThat(service.applied).isEmpty();
    }

    @Test
    void pullAndPushCanBeSwitchedOff() {
        service.version = 10;
        sync(new Peer("b", server.url(), null, null, null, null, false, true)).round();
        assertThat(server.asked).isEmpty();
        assertThat(server.pushed).hasSize(1);
        sync(new Peer("b", server.url(), null, null, null, null, true, false)).round();
        assertThat(server.asked).hasSize(1);
        assertThat(server.pushed).hasSize(1);
    }

    @Test
    void aFullQuarantineDoesNotKeepOursFromThePeer() {
        service.version = 10;
        server.changes = exchange -> ScriptedPeer.changeset(exchange, 0, 5, false, 1);
        service.merging = changeset -> {
            throw new QuarantineFullException(
                    changeset.siteId(), 10, changeset.changes().get(0), "no such column");
        };
        assertThat(sync().round().error()).contains("no such column");
        assertThat(server.pushed).hasSize(1);
    }

    @Test
    void tellsOnceThatAPeerIsAwayAndOnceThatItIsBack(CapturedOutput output) {
        PeerSync sync = sync();
        sync.round();
        var up = server.status;
        server.status = exchange -> ScriptedPeer.json(exchange, 500, "{}");
        assertThat(sync.round().success()).isFalse();
        sync.round();
        assertThat(sync.state().lastError()).isEqualTo("it answered with status 500");
        assertThat(sync.state().lastSuccess()).isEqualTo(NOW);
        server.status = up;
        sync.round();
        sync.round();
        assertThat(sync.state().lastError()).isNull();
        assertThat(output).containsOnlyOnce("does not exchange changes").containsOnlyOnce("exchanges changes again");
    }

    @Test
    void whatWasCommittedIsPushedUnlessThePeerSitsInARequestOfItsOwn() {
        PeerSync sync = sync();
        assertThat(sync.lacks(5)).isFalse();
        sync.round();
        service.version = 5;
        service.reading = query -> ours(query, 5, false, 2);

        assertThat(sync.lacks(5)).isTrue();
        listeners.add(ScriptedPeer.SITE, "some tables only");
        assertThat(sync.lacks(5)).isTrue();
        listeners.add(ScriptedPeer.SITE, null);
        listeners.add(ScriptedPeer.SITE, null);
        listeners.remove(ScriptedPeer.SITE, null);
        assertThat(sync.lacks(5)).isFalse();
        listeners.remove(ScriptedPeer.SITE, null);

        sync.pushNow();
        assertThat(server.pushed).extracting(Changeset::version).containsExactly(5L);
        assertThat(sync.lacks(5)).isFalse();
        sync.pause(true);
        assertThat(sync.lacks(6)).isFalse();
    }

    /** Else what a peer has just sent would make us send it that there is nothing, which would make it tell us the same. */
    @Test
    void thatThereIsNothingCanWait() {
        PeerSync sync = sync();
        sync.round();
        service.version = 5;
        service.reading = query -> ours(query, 5, false, 0);
        sync.pushNow();
        assertThat(server.pushed).isEmpty();
        assertThat(sync.lacks(5)).isFalse();

        service.version = 6;
        service.reading = query -> ours(query, 6, false, 1);
        sync.pushNow();
        assertThat(service.queries.get(service.queries.size() - 1).since()).isEqualTo(5);
        // Yet for the peer it is what comes after the last it was sent.
        assertThat(server.pushed).extracting(Changeset::since).containsExactly(0L);

        service.version = 7;
        service.reading = query -> ours(query, 7, false, 0);
        sync.pushNow();
        sync.round();
        assertThat(server.pushed).extracting(Changeset::version).containsExactly(6L, 7L);
    }

    private void assertFails(String error) {
        PeerSync sync = sync();
        assertThat(sync.round().error()).isEqualTo(error);
        assertThat(sync.state().lastError()).isEqualTo(error);
    }

    private Changeset ours(ChangeQuery query, long version, boolean more, int count) {
        boolean done = query.since() >= version;
        return new Changeset(
                service.siteId,
                service.epoch,
                query.since(),
                Math.max(query.since(), version),
                query.exclude(),
                query.scope(),
                more,
                done ? List.of() : ScriptedPeer.changes(count));
    }

    private long since() {
        return Long.parseLong(ScriptedPeer.parameter(server.asked.get(server.asked.size() - 1), "since")
                .get(0));
    }

    private static List<ReplicatedTable> tables(String... names) {
        return List.of(names).stream()
                .map(name -> new ReplicatedTable(name, null, List.of("id"), List.of()))
                .toList();
    }

    private PeerSync sync() {
        return sync(server.peer());
    }

    private PeerSync sync(Peer peer) {
        SyncSettings settings = new SyncSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                100,
                Duration.ofSeconds(1),
                1_000_000);
        PeerClient client = new PeerClient(
                new PeerConnections(RestClient.builder(), null, settings, null).to(peer),
                peer.url(),
                ScriptedPeer.CODEC,
                settings.maxBodySize());
        return new PeerSync(
                peer,
                client,
                service,
                cursors,
                new CloneWatch(service.identity),
                settings,
                new PeerJournal(peer, event -> {}, Clock.fixed(NOW, ZoneOffset.UTC)),
                listeners,
                ExchangeObserver.NONE);
    }
}
