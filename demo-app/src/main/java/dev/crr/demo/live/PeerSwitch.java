package dev.crr.demo.live;

import dev.crr.sync.SyncLoop;
import org.springframework.stereotype.Component;

/** The switch between this instance and all others. */
@Component
class PeerSwitch {

    private final SyncLoop loop;

    PeerSwitch(SyncLoop loop) {
        this.loop = loop;
    }

    boolean isOn() {
        return loop.isRunning();
    }

    void turn(boolean on) {
        if (on) {
            loop.start();
        } else {
            loop.stop();
        }
    }
}
