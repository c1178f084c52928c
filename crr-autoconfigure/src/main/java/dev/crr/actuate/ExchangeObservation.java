package dev.crr.actuate;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;
import java.util.Locale;

/** What is observed of exchanges. */
public enum ExchangeObservation implements ObservationDocumentation {

    /** One step of an exchange: a timer, and a span where there is tracing. Applying is part of pulling. */
    EXCHANGE {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return ExchangeObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return Key.values();
        }
    };

    /** The tags. */
    public enum Key implements KeyName {

        /** {@code pull}, {@code push} or {@code apply}. */
        STEP {
            @Override
            public String asString() {
                return "step";
            }
        },

        /** The name of the configured peer; {@code other} for those who are none. */
        PEER {
            @Override
            public String asString() {
                return "peer";
            }
        }
    }

    static String value(ExchangeContext.Step step) {
        return step.name().toLowerCase(Locale.ROOT);
    }
}
