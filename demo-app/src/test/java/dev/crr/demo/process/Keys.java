package dev.crr.demo.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The keys that one random run uses: so few that replicas get in each other's way, and those that an instance made up. */
final class Keys {

    private static final int FIXED = 6;
    private static final int LATEST = 6;

    private final Random random;
    private final List<String> fixed;
    private final List<String> made = new ArrayList<>();

    Keys(String prefix, Random random) {
        this.random = random;
        fixed = IntStream.range(0, FIXED).mapToObj(i -> prefix + i).toList();
    }

    void add(String key) {
        made.add(key);
    }

    /** Some key, of a row or not. */
    String any() {
        if (made.isEmpty() || random.nextInt(3) != 0) {
            return fixed.get(random.nextInt(fixed.size()));
        }
        return made.get(made.size() - 1 - random.nextInt(Math.min(LATEST, made.size())));
    }
}
