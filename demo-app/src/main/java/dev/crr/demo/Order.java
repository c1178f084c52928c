package dev.crr.demo;

import dev.crr.FractionalIndex;
import java.util.List;

/** Makes the keys that keep items in order. */
final class Order {

    private Order() {}

    /** Makes room for one more item, and returns its key. Other items change only if their keys leave no room. */
    static String makeRoom(List<? extends Placed> items, Place place) {
        int index = place.in(items);
        if (!items.stream().map(Placed::position).allMatch(FractionalIndex::isKey)) {
            spread(items);
        }
        FractionalIndex.Insertion insertion =
                FractionalIndex.insert(items.stream().map(Placed::position).toList(), index);
        insertion.moved().forEach((moved, key) -> items.get(moved).moveTo(key));
        return insertion.key();
    }

    /** A row written by hand, or by a peer, may hold anything. */
    private static void spread(List<? extends Placed> items) {
        List<String> keys = FractionalIndex.between(null, null, items.size());
        for (int i = 0; i < items.size(); i++) {
            items.get(i).moveTo(keys.get(i));
        }
    }
}
