package dev.crr.demo.live;

import dev.crr.ChangesetService;
import dev.crr.sync.PeerStateChangedEvent;
import dev.crr.sync.SyncLoop;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
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
    private final Browsers browsers;

    SyncController(@Value("${demo.name}") String name, ChangesetService changesets, SyncLoop loop, Browsers browsers) {
        this.name = name;
        this.changesets = changesets;
        this.loop = loop;
        this.browsers = browsers;
    }

    @GetMapping
    SyncView state(@Nullable Principal user) {
        long version = changesets.version();
        return new SyncView(
                name,
                changesets.siteId().toString(),
                user == null ? null : user.getName(),
                !loop.paused(),
                loop.peers().stream().map(peer -> PeerView.of(peer, version)).toList());
    }

    /** Cuts this instance off from its peers, or brings it back. */
    @PutMapping
    SyncView turn(@RequestBody Connection body, @Nullable Principal user) {
        if (body.connected()) {
            loop.resume(null);
        } else {
            loop.pause(null);
        }
        browsers.tell("sync", () -> "");
        return state(user);
    }

    @EventListener
    void changed(PeerStateChangedEvent event) {
        browsers.tell("sync", () -> "");
    }

    record Connection(boolean connected) {}
}
