package dev.crr.demo.live;

import dev.crr.ChangesetService;
import dev.crr.sync.SyncLoop;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/sync")
class SyncController {

    private final String name;
    private final ChangesetService changesets;
    private final SyncLoop loop;
    private final PeerSwitch peers;
    private final Browsers browsers;

    SyncController(
            @Value("${demo.name}") String name,
            ChangesetService changesets,
            SyncLoop loop,
            PeerSwitch peers,
            Browsers browsers) {
        this.name = name;
        this.changesets = changesets;
        this.loop = loop;
        this.peers = peers;
        this.browsers = browsers;
    }

    @GetMapping
    SyncView state() {
        long version = changesets.version();
        return new SyncView(
                name,
                changesets.siteId().toString(),
                peers.isOn(),
                loop.peers().stream().map(peer -> PeerView.of(peer, version)).toList());
    }

    /** Cuts this instance off from its peers, or brings it back. */
    @PutMapping
    SyncView turn(@RequestBody Connection body) {
        peers.turn(body.connected());
        browsers.tell("sync", () -> "");
        return state();
    }

    record Connection(boolean connected) {}
}
