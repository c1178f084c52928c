package dev.crr.demo.live;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The stream that a page listens to: {@code changed}, {@code incoming} and {@code sync}. */
@RestController
class EventsController {

    private final Browsers browsers;

    EventsController(Browsers browsers) {
        this.browsers = browsers;
    }

    @GetMapping(path = "/api/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events() {
        return browsers.connect();
    }
}
