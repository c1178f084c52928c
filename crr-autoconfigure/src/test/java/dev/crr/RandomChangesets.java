package dev.crr;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes changesets of every shape, the same ones for the same seed. */
public final class RandomChangesets {

    private static final long[] INTEGERS = {
        0,
        1,
        -1,
        1L << 53,
        -(1L << 53),
        (1L << 53) + 1,
        -(1L << 53) - 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Integer.MAX_VALUE
    };
    private static final double[] REALS = {
        0.0,
        600.0,
        -1.5,
        0.1,
        1e300,
        -1e-300,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        9007199254740992.0,
        1e21,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final String[] TEXTS = {
        "",
        "plain",
        "\"quoted\\\"",
        "\u0000 in the middle",
        "\n\r\t\b\f",
        "äöü €",
        "😀 beyond the BMP",
        "\u2028\uFEFF",
        "{\"int\":\"5\"}"
    };

    private final Random random;

    public RandomChangesets(long seed) {
        random = new Random(seed);
    }

    public Changeset next() {
        long since = random.nextInt(1000);
        List<Change> changes = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            changes.add(change());
        }
        return new Changeset(
                siteId(),
                maybe(new Epoch(random.nextLong(), random.nextLong())),
                since,
                since + random.nextInt(1000),
                maybe(siteId()),
                maybe("0123456789abcdef0123456789abcdef"),
                random.nextBoolean(),
                changes,
                horizons(),
                maybe(new Epoch(random.nextLong(), random.nextLong())));
    }

    private List<Horizon> horizons() {
        List<Horizon> horizons = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Map<SiteId, Long> members = new HashMap<>();
            Map<SiteId, Epoch> epochs = new HashMap<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                members.put(siteId(), (long) random.nextInt(1000));
                epochs.put(siteId(), new Epoch(random.nextLong(), random.nextLong()));
            }
            horizons.add(new Horizon(siteId(), 1L + random.nextInt(9), random.nextInt(1000), members, epochs));
        }
        return horizons;
    }

    private Change change() {
        List<Value> key = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            Value value = value();
            key.add(value instanceof Value.Null || value instanceof Value.Real ? Value.of(7) : value);
        }
        boolean row = random.nextInt(4) == 0;
        long cl = 1L + random.nextInt(5);
        return new Change(
                "t" + random.nextInt(3),
                key,
                row ? Change.ROW : "größe",
                row ? Value.NULL : value(),
                row ? cl : random.nextInt(9),
                random.nextInt(1000),
                siteId(),
                cl,
                random.nextInt(9));
    }

    private Value value() {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return switch (random.nextInt(8)) {
            case 0 -> Value.NULL;
            case 1 -> Value.of(INTEGERS[random.nextInt(INTEGERS.length)]);
            case 2 -> Value.of(random.nextLong());
            case 3 -> Value.of(REALS[random.nextInt(REALS.length)]);
            case 4 -> Value.of(Double.longBitsToDouble(random.nextLong()));
            case 5 -> Value.of(TEXTS[random.nextInt(TEXTS.length)]);
            case 6 -> Value.of(bytes);
            default -> rawText(bytes);
        };
    }

    private static Value rawText(byte[] bytes) {
        byte[] invalid = (new String(bytes, StandardCharsets.ISO_8859_1) + "ÿ").getBytes(StandardCharsets.ISO_8859_1);
        return new Value.RawText(invalid);
    }

    private SiteId siteId() {
        return new SiteId(random.nextLong(), random.nextLong());
    }

    private <T> @Nullable T maybe(T value) {
        return random.nextBoolean() ? value : null;
    }
}
