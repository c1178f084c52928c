package dev.crr.actuate;

import dev.crr.PeerRules;
import dev.crr.wire.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * A request for changes, and by whose rules and in which form it is answered.
 *
 * @param parameters what it asks for
 * @param rules what whoever asks may read, null for everything
 * @param format the form of the answer
 */
record Asked(ChangesParameters parameters, @Nullable PeerRules rules, WireFormat format) {

    /** The name of what the asker hears this way, as we call it when we send to it. */
    @Nullable String listenedTo() {
        return parameters.query().under(rules == null ? null : rules.name()).scope();
    }

    /** The name under which it is kept how far the asker has come. */
    @Nullable String scope() {
        String scope = parameters.query().scope();
        return rules == null ? scope : rules.own(scope);
    }
}
