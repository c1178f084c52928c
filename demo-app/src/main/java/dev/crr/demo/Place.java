package dev.crr.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where to put an item among others. Named by its neighbour and not by a number, which would mean another place as soon as somebody
 * else inserts something.
 *
 * @param before the identifier of the item to come before; null for the end
 */
record Place(@Nullable String before) {

    static final Place END = new Place(null);

    /** Finds this place in a list. */
    int in(List<? extends Placed> items) {
        if (before == null) {
            return items.size();
        }
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).getId().equals(before)) {
                return i;
            }
        }
        throw new NotFoundException("neighbour", before);
    }
}
