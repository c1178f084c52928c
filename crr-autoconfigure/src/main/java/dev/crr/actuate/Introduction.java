package dev.crr.actuate;

import dev.crr.Epoch;
import dev.crr.SiteId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who sends changes tells of itself and others beside them.
 *
 * @param epoch its present epoch
 * @param unknown the epoch of ours that it never was in, though it has our site id
 * @param receiver our epoch in which it takes us to be
 * @param clones copies of databases that it knows of: by their new site ids, those they had
 */
record Introduction(
        @Nullable Epoch epoch,
        @Nullable Epoch unknown,
        @Nullable Epoch receiver,
        Map<SiteId, SiteId> clones) {

    private static final int MAX_CLONES = 100;
    private static final String A_CLONE = "be two site ids, the new and the former one, with a colon in between";

    Introduction {
        clones = Map.copyOf(clones);
    }

    /**
     * @throws RefusedRequestException if a parameter is not as it should be
     */
    static Introduction of(Map<String, String[]> parameters) {
        ChangesParameters.Source source = new ChangesParameters.Source(parameters);
        Map<SiteId, SiteId> clones = new LinkedHashMap<>();
        for (String clone : source.all("clone")) {
            if (clones.size() == MAX_CLONES) {
                throw RefusedRequestException.parameter("clone", "be given " + MAX_CLONES + " times at most");
            }
            String[] ids = clone.split(":", -1);
            try {
                clones.put(SiteId.parse(ids[0]), SiteId.parse(ids.length == 2 ? ids[1] : ""));
            } catch (IllegalArgumentException e) {
                throw RefusedRequestException.parameter("clone", A_CLONE);
            }
        }
        return new Introduction(
                source.epoch("peerEpoch"), source.epoch("unknown"), source.epoch("receiverEpoch"), clones);
    }
}
