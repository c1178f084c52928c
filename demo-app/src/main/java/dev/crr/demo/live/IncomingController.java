package dev.crr.demo.live;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class IncomingController {

    private final Incoming incoming;

    IncomingController(Incoming incoming) {
        this.incoming = incoming;
    }

    /** What came from peers of late, the latest first. */
    @GetMapping("/api/incoming")
    List<IncomingRow> latest() {
        return incoming.latest();
    }
}
