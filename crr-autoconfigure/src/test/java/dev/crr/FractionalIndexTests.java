package dev.crr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FractionalIndexTests {

    /** Items as two replicas would show them: by key, then by id. */
    private record Item(int id, String key) {}

    private static final Comparator<Item> SHOWN =
            Comparator.comparing(Item::key).thenComparingInt(Item::id);

    // What cr-sqlite 0.16 answers; a dot stands for a space.
    @ParameterizedTest
    @CsvSource({
        ",,a.",
        ",a.,Z~",
        ",Z~,Z}",
        "a.,,a!",
        "a!,,a\"",
        "a.,a!,a.P",
        "Zz,,Z{",
        "a0,a1,a0P",
        "a0V,a1,a0k",
        "Z~,a.,Z~P",
        ",Y..,X~~~",
        "b~~,,c..."
    })
    void makesTheKeysOfCrSqlite(@Nullable String before, @Nullable String after, String key) {
        assertThat(FractionalIndex.between(spaces(before), spaces(after))).isEqualTo(spaces(key));
    }

    private static @Nullable String spaces(@Nullable String dotted) {
        return dotted == null ? null : dotted.replace('.', ' ');
    }

    @Test
    void theEndsOfTheRangeAreReachedByFractions() {
        String smallest = "A" + " ".repeat(26);
        String second = "A" + " ".repeat(25) + "!";
        assertThat(FractionalIndex.isKey(smallest)).isFalse();
        String beforeSecond = FractionalIndex.between(null, second);
        assertThat(beforeSecond).isLessThan(second).isEqualTo(smallest + "P");
        assertThat(FractionalIndex.between(null, beforeSecond)).isLessThan(beforeSecond);

        String largest = "z" + "~".repeat(26);
        String afterLargest = FractionalIndex.between(largest, null);
        assertThat(afterLargest).isEqualTo(largest + "P");
        assertThat(FractionalIndex.between(afterLargest, null)).isGreaterThan(afterLargest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "0", "a", "b ", "a  ", "a0 ", "aé", "a\t", "a\u007f", "-1", "{!"})
    void refusesWhatIsNoKey(String text) {
        assertThat(FractionalIndex.isKey(text)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FractionalIndex.between(text, null))
                .withMessageContaining("is not a key of a fractional index");
        assertThatIllegalArgumentException().isThrownBy(() -> FractionalIndex.between(null, text));
    }

    @Test
    void refusesKeysInTheWrongOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FractionalIndex.between("a1", "a0"))
                .withMessageContaining("nothing fits between");
        assertThatIllegalArgumentException().isThrownBy(() -> FractionalIndex.between("a1", "a1"));
        assertThatIllegalArgumentException().isThrownBy(() -> FractionalIndex.between("a1", "a1", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> FractionalIndex.between(null, null, -1));
        assertThatThrownBy(() -> FractionalIndex.insert(List.of("a1"), 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> FractionalIndex.insert(List.of(), -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void thereIsAlwaysAKeyBetween() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                int at = random.nextInt(4) == 0 ? random.nextInt(keys.size() + 1) : keys.size() / (1 + round % 3);
                String before = at == 0 ? null : keys.get(at - 1);
                String after = at == keys.size() ? null : keys.get(at);
                String key = FractionalIndex.between(before, after);
                assertThat(FractionalIndex.isKey(key))
                        .as("seed %d: \"%s\"", seed, key)
                        .isTrue();
                keys.add(at, key);
            }
            for (int i = 1; i < keys.size(); i++) {
                assertThat(keys.get(i - 1)).as("seed %d", seed).isLessThan(keys.get(i));
            }
        }
    }

    @Test
    void bytesAndCharactersAgreeOnTheOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String one = key(random);
            String other = key(random);
            assertThat(Integer.signum(one.compareTo(other)))
                    .as("seed %d: \"%s\" and \"%s\"", seed, one, other)
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(
                            one.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                            other.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
            if (one.compareTo(other) != 0) {
                String low = one.compareTo(other) < 0 ? one : other;
                String high = low.equals(one) ? other : one;
                assertThat(FractionalIndex.between(low, high))
                        .as("seed %d", seed)
                        .isGreaterThan(low)
                        .isLessThan(high);
            }
        }
    }

    /** Any key at all, not only one that insertions lead to. */
    private static String key(Random random) {
        while (true) {
            StringBuilder text = new StringBuilder();
            text.append((char) (random.nextBoolean() ? 'a' + random.nextInt(3) : 'X' + random.nextInt(3)));
            int length = 1 + random.nextInt(7);
            for (int i = 0; i < length; i++) {
                text.append(" !~P".charAt(random.nextInt(4)));
            }
            if (FractionalIndex.isKey(text.toString())) {
                return text.toString();
            }
        }
    }

    @Test
    void appendsAndPrependsGrowSlowly() {
        String last = FractionalIndex.between(null, null);
        String first = last;
        for (int i = 0; i < 100_000; i++) {
            last = FractionalIndex.between(last, null);
            first = FractionalIndex.between(null, first);
        }
        assertThat(last).hasSizeLessThanOrEqualTo(4);
        assertThat(first).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void insertingAtOnePlaceGrowsByACharacterEverySixTimes() {
        String before = FractionalIndex.between(null, null);
        String after = FractionalIndex.between(before, null);
        for (int i = 0; i < 600; i++) {
            after = FractionalIndex.between(before, after);
        }
        assertThat(after).hasSizeLessThanOrEqualTo(110);
    }

    @Test
    void makesSeveralAtOnce() {
        List<String> all = FractionalIndex.between(null, null, 1_000);
        assertThat(all).hasSize(1_000).isSorted().doesNotHaveDuplicates();
        assertThat(FractionalIndex.between(null, all.get(0), 200))
                .hasSize(200)
                .isSorted()
                .doesNotHaveDuplicates()
                .allSatisfy(key -> assertThat(key).isLessThan(all.get(0)));
        List<String> within = FractionalIndex.between(all.get(0), all.get(1), 1_000);
        assertThat(within)
                .hasSize(1_000)
                .isSorted()
                .doesNotHaveDuplicates()
                .allSatisfy(key -> assertThat(key)
                        .isGreaterThan(all.get(0))
                        .isLessThan(all.get(1))
                        .hasSizeLessThanOrEqualTo(5));
        assertThat(FractionalIndex.between(null, null, 0)).isEmpty();
    }

    @Test
    void theSamePlaceGivesTheSameKeySoThatTheIdDecides() {
        String before = FractionalIndex.between(null, null);
        String after = FractionalIndex.between(before, null);
        Item mine = new Item(2, FractionalIndex.between(before, after));
        Item yours = new Item(1, FractionalIndex.between(before, after));
        assertThat(mine.key()).isEqualTo(yours.key());

        List<Item> here = new ArrayList<>(List.of(mine, yours));
        List<Item> there = new ArrayList<>(List.of(yours, mine));
        here.sort(SHOWN);
        there.sort(SHOWN);
        assertThat(here).isEqualTo(there);
        assertThatIllegalArgumentException().isThrownBy(() -> FractionalIndex.between(mine.key(), yours.key()));
    }

    @Test
    void insertsBetweenEqualKeysByMovingWhatComesAfter() {
        FractionalIndex.Insertion insertion = FractionalIndex.insert(List.of("a0", "a1", "a1", "a1", "a2"), 2);
        assertThat(insertion.key()).isGreaterThan("a1");
        assertThat(insertion.moved()).containsOnlyKeys(2, 3);
        assertThat(insertion.moved().get(2))
                .isGreaterThan(insertion.key())
                .isLessThan(insertion.moved().get(3));
        assertThat(insertion.moved().get(3)).isLessThan("a2");

        assertThat(FractionalIndex.insert(List.of("a1", "a1"), 0).moved()).isEmpty();
        assertThat(FractionalIndex.insert(List.of("a1", "a1"), 2))
                .isEqualTo(new FractionalIndex.Insertion("a2", new java.util.TreeMap<>()));
        assertThat(FractionalIndex.insert(List.of(), 0).key()).isEqualTo("a ");
    }

    @Test
    void whatIsInsertedStandsWhereItWasPutWhateverTheKeys() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            if (!items.isEmpty() && random.nextInt(3) == 0) {
                // As if another had inserted at the same place at the same time.
                items.add(new Item(i, items.get(random.nextInt(items.size())).key()));
                items.sort(SHOWN);
                continue;
            }
            int index = random.nextInt(items.size() + 1);
            FractionalIndex.Insertion insertion =
                    FractionalIndex.insert(items.stream().map(Item::key).toList(), index);
            for (Map.Entry<Integer, String> moved : insertion.moved().entrySet()) {
                items.set(moved.getKey(), new Item(items.get(moved.getKey()).id(), moved.getValue()));
            }
            items.add(index, new Item(i, insertion.key()));
            List<Item> shown = new ArrayList<>(items);
            shown.sort(SHOWN);
            assertThat(items).as("seed %d", seed).isEqualTo(shown);
        }
    }
}
