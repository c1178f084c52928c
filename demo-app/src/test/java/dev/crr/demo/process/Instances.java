package dev.crr.demo.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.util.FileSystemUtils;

/** The instances of one test and the links between them. Ends them afterwards, and shows their logs if the test failed. */
final class Instances implements BeforeEachCallback, AfterEachCallback {

    private static final int LINES_SHOWN = 100;

    private final List<DemoProcess> instances = new ArrayList<>();
    private final List<CuttableProxy> links = new ArrayList<>();
    private Path databases = Path.of("target");
    private Path logs = Path.of("target");

    /** Makes an instance on a new, empty database. */
    DemoProcess create(String name) {
        DemoProcess instance = new DemoProcess(name, databases.resolve(name + ".db"), logs.resolve(name + ".log"));
        instances.add(instance);
        return instance;
    }

    /** Makes two instances each other's peer, from their next start on. */
    Link link(DemoProcess a, DemoProcess b) {
        return new Link(oneWay(a, b), oneWay(b, a));
    }

    private CuttableProxy oneWay(DemoProcess from, DemoProcess to) {
        CuttableProxy proxy = new CuttableProxy(to::port);
        links.add(proxy);
        from.addPeer(to.name(), proxy.port());
        return proxy;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        String test = context.getRequiredTestClass().getSimpleName() + "-"
                + context.getRequiredTestMethod().getName();
        Path allLogs = Path.of(System.getProperty("demo.logs", "target/process-logs"));
        Files.createDirectories(allLogs);
        logs = Files.createTempDirectory(allLogs, test + "-");
        databases = Files.createTempDirectory(test);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        instances.forEach(DemoProcess::kill);
        links.forEach(CuttableProxy::close);
        if (context.getExecutionException().isPresent()) {
            for (DemoProcess instance : instances) {
                show(instance);
            }
        }
        instances.clear();
        links.clear();
        FileSystemUtils.deleteRecursively(databases);
    }

    private static void show(DemoProcess instance) throws IOException {
        List<String> lines =
                Files.exists(instance.log()) ? Files.readAllLines(instance.log(), UTF_8) : Collections.emptyList();
        System.out.println("---- " + instance.name() + ": the end of " + instance.log());
        lines.stream().skip(Math.max(0, lines.size() - LINES_SHOWN)).forEach(System.out::println);
    }
}
