package dev.crr.demo.live;

import dev.crr.ChangesetService;
import dev.crr.SiteId;
import dev.crr.sync.SyncLoop;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** What people call the instances. */
@Component
class Sites {

    private static final int DIGITS = 8;

    private final String ours;
    private final ChangesetService changesets;
    private final SyncLoop loop;

    Sites(@Value("${demo.name}") String ours, ChangesetService changesets, SyncLoop loop) {
        this.ours = ours;
        this.changesets = changesets;
        this.loop = loop;
    }

    /** Its name, if it is this instance or one of its peers, or else the beginning of its identifier. */
    String name(SiteId site) {
        if (site.equals(changesets.siteId())) {
            return ours;
        }
        return loop.peers().stream()
                .filter(peer -> site.equals(peer.siteId()))
                .map(peer -> peer.name())
                .findFirst()
                .orElse(site.toString().substring(0, DIGITS));
    }
}
