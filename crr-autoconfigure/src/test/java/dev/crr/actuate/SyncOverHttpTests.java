package dev.crr.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Changeset;
import dev.crr.SiteId;
import dev.crr.UnknownVersionException;
import dev.crr.Value;
import dev.crr.sync.Cursor;
import dev.crr.sync.Peer;
import dev.crr.sync.RecordingChangesetService;
import dev.crr.sync.SyncLoop;
import dev.crr.sync.SyncOutcome;
import dev.crr.sync.SyncSettings;
import dev.crr.wire.ChangesetJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestClient;

/** The client's end and the server's end understand each other. */
class SyncOverHttpTests {

    private final RecordingChangesetService ours =
            new RecordingChangesetService(SiteId.parse("cccccccccccccccccccccccccccccccc"));

    @Test
    void changesGoBothWays() {
        try (RunningApplication application =
                new RunningApplication("management.endpoints.web.exposure.include=crr", "management.server.port=0")) {
            RecordingChangesetService theirs = application.service();
            theirs.version = 5;
            theirs.reading = query -> one(theirs, query, 5);
            ours.version = 7;
            ours.reading = query -> one(ours, query, 7);
            ours.cursors.moveReceived(theirs.siteId, null, new Cursor(3, theirs.epoch));

            synchronise(application);

            assertThat(ours.applied).containsExactly(one(theirs, ChangeQuery.since(3), 5));
            assertThat(theirs.applied)
                    .containsExactly(one(ours, ChangeQuery.since(0).excluding(theirs.siteId), 7));
            assertThat(theirs.cursors.acknowledged()).contains(ours.siteId + "/null@3");
            assertThat(ours.cursors.sent(theirs.siteId, null)).isEqualTo(7);
        }
    }

    @Test
    void aConflictIsUnderstood() {
        try (RunningApplication application = new RunningApplication("management.endpoints.web.exposure.include=crr")) {
            RecordingChangesetService theirs = application.service();
            theirs.reading = query -> {
                if (query.since() > 2) {
                    throw new UnknownVersionException("never", 2);
                }
                return one(theirs, query, 4);
            };
            ours.cursors.moveReceived(theirs.siteId, null, new Cursor(30, theirs.epoch));
            synchronise(application);
            assertThat(ours.cursors.received(theirs.siteId, null).version()).isEqualTo(4);
        }
    }

    private static Changeset one(RecordingChangesetService service, ChangeQuery query, long version) {
        Change change =
                new Change("deck", List.of(Value.of("k")), "name", Value.of(version), 1, version, service.siteId, 1, 1);
        return new Changeset(
                service.siteId,
                service.epoch,
                query.since(),
                version,
                query.exclude(),
                query.scope(),
                false,
                query.since() < version ? List.of(change) : List.of());
    }

    private void synchronise(RunningApplication application) {
        SyncLoop loop = new SyncLoop(
                List.of(new Peer("them", application.uri("/actuator/crr"))),
                ours,
                ours.cursors,
                new ChangesetJson(100),
                RestClient.builder(),
                null,
                SyncSettings.DEFAULTS);
        loop.start();
        try {
            assertThat(loop.syncNow("them")).extracting(SyncOutcome::error).containsOnlyNulls();
        } finally {
            loop.stop();
        }
    }
}
