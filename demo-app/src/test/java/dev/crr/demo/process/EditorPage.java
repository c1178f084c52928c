package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The editor's page, as a person sees and uses it. */
final class EditorPage {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** Everything the thumbnails show: of each slide the components from back to front, with what they look like. */
    private static final String SHOWN = """
            return document.getElementById('deck-name').value + '\\n' + [...document.querySelectorAll('.slide')].map(slide =>
              [...slide.querySelectorAll('.item')].map(item => {
                const [shape, label] = item.children;
                const { left, top, width, height, transform } = item.style;
                return [item.dataset.type, label.textContent, left, top, width, height, transform,
                  shape.style.backgroundColor, label.style.color, label.style.fontSize].join(' | ');
              }).join('\\n')).join('\\n----\\n')""";

    private final Browser browser;

    EditorPage(Browser browser) {
        this.browser = browser;
    }

    void open(DemoProcess instance) {
        browser.driver().get("http://127.0.0.1:" + instance.port() + "/");
        script("window.openedOnce = true");
        await(() -> script("return document.querySelector('#peers .peer') !== null") == Boolean.TRUE);
    }

    /** Whether this is still the page that was opened, not one that was loaded anew. */
    boolean isTheSamePage() {
        return script("return window.openedOnce === true") == Boolean.TRUE;
    }

    String shown() {
        return Objects.toString(script(SHOWN));
    }

    void startWithTheExample() {
        click(".empty .primary");
        await(() -> slides().size() == 4 && shown().contains("Watch."));
    }

    List<WebElement> slides() {
        return all(".slide-open");
    }

    void openSlide(int number) {
        script("document.querySelectorAll('.slide-open')[arguments[0] - 1].focus()", number);
        script("document.querySelectorAll('.slide-open')[arguments[0] - 1].click()", number);
        await(() -> Objects.equals(all(".stage").get(0).getDomAttribute("aria-label"), "Slide " + number));
    }

    /** A component of the open slide, by its label for screen readers. */
    WebElement item(String label) {
        await(() -> !items(label).isEmpty());
        return items(label).get(0);
    }

    List<WebElement> items(String label) {
        return all(".stage .item[aria-label='" + label + "']");
    }

    void focus(WebElement element) {
        script("arguments[0].focus()", element);
        assertThat(browser.driver().switchTo().activeElement()).isEqualTo(element);
    }

    /** Edits the text of a component in place. */
    void write(String label, String text) {
        beginToWrite(label, text);
        press(Keys.ESCAPE);
    }

    void beginToWrite(String label, String text) {
        focus(item(label));
        press(Keys.ENTER);
        await(() -> script("return document.activeElement.isContentEditable") == Boolean.TRUE);
        press(text);
    }

    void press(CharSequence... keys) {
        new Actions(browser.driver()).sendKeys(keys).perform();
    }

    void pressWith(Keys modifier, CharSequence key) {
        new Actions(browser.driver())
                .keyDown(modifier)
                .sendKeys(key)
                .keyUp(modifier)
                .perform();
    }

    void drag(WebElement element, int x, int y) {
        new Actions(browser.driver()).dragAndDropBy(element, x, y).perform();
    }

    void click(String selector) {
        await(() -> !all(selector).isEmpty());
        all(selector).get(0).click();
    }

    /** Uses the switch to the peers. */
    void connect(boolean connected) {
        click("#connection");
        await(() -> String.valueOf(connected).equals(all("#connection").get(0).getDomAttribute("aria-checked")));
    }

    /** What the drawer of incoming changes says, the latest first. */
    List<String> arrivals() {
        return all(".arrival-words").stream().map(WebElement::getText).toList();
    }

    Object style(WebElement element, String property) {
        return Objects.requireNonNull(script("return arguments[0].style[arguments[1]]", element, property));
    }

    boolean fitsItsWidth() {
        return script("return document.documentElement.scrollWidth <= innerWidth") == Boolean.TRUE;
    }

    @SuppressWarnings("NullAway") // a script may well return null
    Object script(String script, Object... arguments) {
        return browser.driver().executeScript(script, arguments);
    }

    List<WebElement> all(String selector) {
        return browser.driver().findElements(By.cssSelector(selector));
    }

    static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(TIMEOUT).until(condition);
    }
}
