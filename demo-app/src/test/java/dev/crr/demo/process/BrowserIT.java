package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Two people, each with a browser and an instance of their own. Leaves screenshots in {@code target/screenshots}. */
@SuppressWarnings("NullAway.Init") // set before each test
class BrowserIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @RegisterExtension
    final Instances instances = new Instances();

    private DemoProcess a;
    private DemoProcess b;
    private Browser annsBrowser;
    private Browser bobsBrowser;
    private EditorPage ann;
    private EditorPage bob;

    @BeforeAll
    static void needsABrowser() {
        Browser.assumeInstalled();
    }

    @BeforeEach
    void openBoth() throws IOException {
        a = instances.create("a").with("--demo.name=a");
        b = instances.create("b").with("--demo.name=b");
        instances.link(a, b);
        a.start();
        b.start();
        annsBrowser = Browser.open(1440, 860);
        bobsBrowser = Browser.open(1440, 860);
        ann = new EditorPage(annsBrowser);
        bob = new EditorPage(bobsBrowser);
        ann.open(a);
        bob.open(b);
        ann.startWithTheExample();
        sameOnBothPages();
    }

    @AfterEach
    void close() {
        for (Browser browser : new Browser[] {annsBrowser, bobsBrowser}) {
            if (browser != null) {
                browser.close();
            }
        }
    }

    @Test
    void whatBothDoWhileCutOffMergesInBothPages() {
        await().atMost(TIMEOUT)
                .until(() -> ann.all("#peers .peer-words").get(0).getText().contains("in step"));
        ann.openSlide(3);
        bob.openSlide(3);
        ann.connect(false);

        // one component, different columns
        ann.focus(ann.item("star: all three"));
        ann.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
        bob.write("star: all three", "all of us");
        // one column
        ann.write("title: Column by column", "Written by Ann");
        bob.write("title: Column by column", "Written by Bob");
        // new ones, and slides in another order
        bob.press("r");
        bob.item("rectangle");
        ann.openSlide(4);
        ann.pressWith(Keys.ALT, Keys.ARROW_UP);
        await().atMost(TIMEOUT)
                .until(() -> ann.all("#peers .peer-words").get(0).getText().contains("to send"));
        assertThat(ann.shown()).contains("Written by Ann").doesNotContain("Written by Bob", "all of us");
        assertThat(bob.shown()).contains("Written by Bob").doesNotContain("Written by Ann");
        annsBrowser.screenshot("cut-off");

        ann.connect(true);
        sameOnBothPages();
        assertThat(ann.shown()).contains("all of us");
        ann.openSlide(4);
        assertThat(ann.style(ann.item("star: all of us"), "left"))
                .as("moved by Ann, written by Bob")
                .isEqualTo(bob.style(bob.item("star: all of us"), "left"))
                .isNotEqualTo(580 / 9.6 + "%");
        assertThat(ann.shown()).as("the larger text wins").contains("Written by Bob");

        ann.click("#show-incoming");
        bob.click("#show-incoming");
        await().atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(ann.arrivals()).contains("Title of slide 4: theirs kept", "New rectangle on slide 4");
            assertThat(bob.arrivals()).anyMatch(words -> words.startsWith("Position of star “all of us”"));
        });
        assertThat(ann.isTheSamePage() && bob.isTheSamePage()).isTrue();
        annsBrowser.screenshot("merged");
        bobsBrowser.prefer("dark");
        bobsBrowser.screenshot("merged-dark");
        noErrors();
    }

    @Test
    void whatOthersDoAppearsAtOnceAndLeavesOnesTypingAlone() throws IOException {
        ann.openSlide(2);
        bob.openSlide(2);
        ann.beginToWrite("rectangle: Ann, on a train", "Ann, on a pl");
        bob.focus(bob.item("rectangle: Ann, on a train"));
        Object before = ann.style(ann.item("rectangle: Ann, on a train"), "top");
        bob.press(Keys.ARROW_DOWN);
        await().atMost(TIMEOUT)
                .until(() -> !ann.style(ann.all(".stage .item.editing").get(0), "top")
                        .equals(before));
        ann.press("ane");
        ann.press(Keys.ESCAPE);
        sameOnBothPages();
        assertThat(bob.items("rectangle: Ann, on a plane")).hasSize(1);

        // another window of the same instance
        try (Browser third = Browser.open(1000, 700)) {
            EditorPage second = new EditorPage(third);
            second.open(a);
            ann.write("title: Apart and together", "Seen in both windows");
            await().atMost(TIMEOUT).until(() -> second.shown().equals(ann.shown()));
            third.requireNoErrors();
        }
        noErrors();
    }

    @Test
    void everythingCanBeDoneWithTheKeyboard() {
        ann.openSlide(2);
        ann.focus(ann.item("title: Apart and together"));
        ann.press(Keys.TAB);
        WebElement box = ann.item("rectangle: Ann, on a train");
        assertThat(ann.script("return document.activeElement")).isEqualTo(box);
        assertThat(box.getDomAttribute("aria-selected")).isEqualTo("true");
        assertThat(ann.script("return getComputedStyle(arguments[0]).outlineStyle", box))
                .isEqualTo("solid");

        ann.press(Keys.ARROW_RIGHT);
        assertThat(ann.style(box, "left")).isEqualTo("9.375%");
        ann.press("]");
        assertThat(ann.style(box, "transform")).isEqualTo("rotate(15deg)");
        ann.pressWith(Keys.ALT, Keys.ARROW_RIGHT);
        assertThat(ann.style(box, "width")).isEqualTo("25%");
        for (int i = 0; i < 3; i++) {
            ann.pressWith(Keys.CONTROL, "z");
        }
        await().atMost(TIMEOUT)
                .until(() -> ann.style(box, "transform").equals("")
                        && ann.style(box, "left").toString().startsWith("8.33"));

        ann.press(Keys.DELETE);
        await().atMost(TIMEOUT)
                .until(() -> ann.items("rectangle: Ann, on a train").isEmpty());
        ann.pressWith(Keys.CONTROL, "z");
        ann.item("rectangle: Ann, on a train");

        ann.press(Keys.ESCAPE);
        assertThat(ann.all(".stage .item[aria-selected='true']")).isEmpty();
        ann.press("e");
        WebElement ellipse = ann.item("ellipse");
        await().atMost(TIMEOUT).until(() -> Objects.equals(ann.script("return document.activeElement"), ellipse));
        ann.press("?");
        assertThat(ann.all("dialog[open]")).hasSize(1);
        ann.press(Keys.ESCAPE);
        assertThat(ann.all("dialog[open]")).isEmpty();

        ann.openSlide(1);
        ann.pressWith(Keys.ALT, Keys.ARROW_DOWN);
        await().atMost(TIMEOUT)
                .until(() -> Objects.equals(ann.all(".stage").get(0).getDomAttribute("aria-label"), "Slide 2"));
        sameOnBothPages();
        noErrors();
    }

    @Test
    void thePointerMovesResizesAndRotates() {
        ann.openSlide(3);
        WebElement star = ann.item("star: all three");
        ann.drag(star, -60, 20);
        sameOnBothPages();
        Object left = ann.style(star, "left");
        assertThat(left).isNotEqualTo(580 / 9.6 + "%");

        Object width = ann.style(star, "width");
        ann.drag(ann.all(".handle[data-x='1'][data-y='0']").get(0), 40, 0);
        await().atMost(TIMEOUT).until(() -> !ann.style(star, "width").equals(width));
        assertThat(ann.style(star, "left")).as("the opposite edge stays").isEqualTo(left);

        ann.drag(ann.all(".handle.rotate").get(0), 150, 150);
        await().atMost(TIMEOUT)
                .until(() -> ann.style(star, "transform").toString().startsWith("rotate("));
        sameOnBothPages();
        noErrors();
    }

    @Test
    void markupFromAPeerIsText() {
        String attack = "<img src=x onerror='window.hacked = true'>";
        String deck = Editor.of(b).newDeck(attack);
        Editor.of(b).newComponent(Editor.of(b).newSlide(deck), attack);
        await().atMost(TIMEOUT).until(() -> ann.all(".deck-open").size() == 2);
        ann.script(
                "[...document.querySelectorAll('.deck-open')].find(each => each.textContent.includes('img')).click()");
        await().atMost(TIMEOUT)
                .until(() -> ann.shown().startsWith(attack) && ann.shown().contains("text | " + attack));
        ann.click("#show-incoming");
        await().atMost(TIMEOUT).until(() -> !ann.arrivals().isEmpty());
        assertThat(ann.script("return window.hacked === undefined && document.images.length === 0"))
                .isEqualTo(true);
        noErrors();
    }

    @Test
    void fitsAPhone() {
        for (String scheme : new String[] {"light", "dark"}) {
            annsBrowser.prefer(scheme);
            annsBrowser.resize(390, 844);
            ann.openSlide(2);
            ann.focus(ann.item("rectangle: Bob, at his desk"));
            assertThat(ann.fitsItsWidth()).isTrue();
            annsBrowser.screenshot("phone-" + scheme);
        }
        ann.click("#show-decks");
        assertThat(ann.fitsItsWidth()).isTrue();
        annsBrowser.screenshot("phone-presentations");
        ann.click("#decks .deck-open");
        a.patch("/api/decks/" + a.get("/api/decks").at("/0/id").asString(), Map.of("name", "n".repeat(200)));
        ann.click("#show-incoming");
        assertThat(ann.fitsItsWidth()).isTrue();
        annsBrowser.screenshot("phone-changes");
        bobsBrowser.resize(390, 844);
        await().atMost(TIMEOUT).until(() -> bob.shown().startsWith("nnn"));
        assertThat(bob.fitsItsWidth()).isTrue();
        noErrors();
    }

    private void sameOnBothPages() {
        await("both pages show the same")
                .atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(ann.shown()).isEqualTo(bob.shown()).contains(" | "));
    }

    private void noErrors() {
        annsBrowser.requireNoErrors();
        bobsBrowser.requireNoErrors();
    }
}
