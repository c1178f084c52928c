package dev.crr.demo.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import tools.jackson.databind.JsonNode;

/** Instances with logins, which exchange with credentials. */
class SecuredInstancesIT {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @RegisterExtension
    final Instances instances = new Instances();

    @Test
    void theyExchangeWithCredentials() {
        DemoProcess a = secured("a", "b").with("--crr.peers[0].username=a").with("--crr.peers[0].password=right");
        DemoProcess b = secured("b", "a").with("--crr.peers[0].username=b").with("--crr.peers[0].password=right");
        instances.link(a, b);
        Editor ann = Editor.of(a.start());
        Editor bob = Editor.of(b.start());

        String anns = ann.newDeck("From a");
        String bobs = bob.newDeck("From b");
        Convergence.of(a, b);
        assertThat(bob.hasDeck(anns)).isTrue();
        assertThat(ann.hasDeck(bobs)).isTrue();
    }

    @Test
    void aWrongPasswordLetsNothingThrough() {
        DemoProcess a = secured("a", "b");
        DemoProcess intruder =
                secured("b", "a").with("--crr.peers[0].username=b").with("--crr.peers[0].password=wrong");
        a.start();
        intruder.addPeer("a", a.port());
        intruder.start();
        Editor.of(a).newDeck("Secret");
        Editor.of(intruder).newDeck("Smuggled");

        await().atMost(TIMEOUT).untilAsserted(() -> {
            JsonNode peer = intruder.get("/api/sync").get("peers").get(0);
            assertThat(peer.get("condition").asString()).isEqualTo("FAILING");
            assertThat(peer.get("fault").asString()).isEqualTo("REFUSED");
        });
        assertThat(a.get("/api/decks")).hasSize(1);
        assertThat(intruder.get("/api/decks")).hasSize(1);
    }

    @Test
    void peopleLogInAndOut() throws IOException {
        Browser.assumeInstalled();
        DemoProcess a = secured("a", "b");
        a.start();
        try (Browser browser = Browser.open(1440, 860)) {
            ChromeDriver driver = browser.driver();
            driver.get("http://127.0.0.1:" + a.port() + "/");
            driver.findElement(By.name("username")).sendKeys("ann");
            driver.findElement(By.name("password")).sendKeys("secret");
            driver.findElement(By.tagName("form")).submit();

            EditorPage page = new EditorPage(browser);
            page.startWithTheExample();
            assertThat(a.get("/api/decks")).hasSize(1);
            assertThat(page.all("#user").get(0).getText()).isEqualTo("ann");
            browser.screenshot("logged-in");
            browser.requireNoErrors();

            page.click("#log-out");
            await().atMost(TIMEOUT).until(() -> driver.getCurrentUrl().contains("/login"));
        }
    }

    /** An instance with an account for a user and one for a peer. */
    private DemoProcess secured(String name, String peer) {
        return instances
                .create(name)
                .with("--spring.profiles.active=secure")
                .with("--demo.name=" + name)
                .with("--demo.accounts.users.ann=secret")
                .with("--demo.accounts.peers." + peer + "=right")
                .callAs("ann", "secret", "/api")
                .callAs(peer, "right", "/actuator/crr");
    }
}
