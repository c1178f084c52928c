package dev.crr.demo.live;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The open pages, each with a stream of server-sent events. One thread serves them all, in the order in which things happened;
 * whoever has something to tell does not wait for it.
 */
@Component
class Browsers {

    private static final Logger log = LoggerFactory.getLogger(Browsers.class);

    private static final long NO_TIMEOUT = 0;

    /** A page that reads nothing must not fill the memory; the oldest news are dropped, as each makes pages read anew. */
    private static final int MAX_WAITING = 1000;

    private final List<SseEmitter> open = new CopyOnWriteArrayList<>();
    private final ThreadPoolExecutor teller = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            new CustomizableThreadFactory("browsers-"),
            new ThreadPoolExecutor.DiscardOldestPolicy());

    SseEmitter connect() {
        SseEmitter browser = new SseEmitter(NO_TIMEOUT);
        browser.onCompletion(() -> open.remove(browser));
        browser.onError(gone -> open.remove(browser));
        open.add(browser);
        tell("hello", () -> "");
        return browser;
    }

    /** Tells all pages something, which is made on the thread that tells it. */
    void tell(String event, Supplier<?> data) {
        teller.execute(() -> {
            try {
                Object made = data.get();
                open.removeIf(browser -> !reached(browser, event, made));
            } catch (RuntimeException ex) {
                log.warn("The pages could not be told of \"{}\"", event, ex);
            }
        });
    }

    private static boolean reached(SseEmitter browser, String event, Object data) {
        try {
            browser.send(SseEmitter.event().name(event).data(data, MediaType.APPLICATION_JSON));
            return true;
        } catch (IOException | IllegalStateException gone) {
            return false;
        }
    }

    /** Before the server begins to wait for requests to end, as these never would. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        teller.shutdownNow();
        open.forEach(SseEmitter::complete);
    }
}
