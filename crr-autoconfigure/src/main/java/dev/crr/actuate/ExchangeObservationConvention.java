package dev.crr.actuate;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** How observations of exchanges are named and tagged. A bean of this type replaces the default. Thread-safe. */
public interface ExchangeObservationConvention extends ObservationConvention<ExchangeContext> {

    /** The convention as {@link ExchangeObservation} documents it. */
    ExchangeObservationConvention DEFAULT = new ExchangeObservationConvention() {};

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ExchangeContext;
    }

    @Override
    default String getName() {
        return "crr.exchange";
    }

    @Override
    default String getContextualName(ExchangeContext context) {
        return "crr " + ExchangeObservation.value(context.step()) + " " + context.peer();
    }

    @Override
    default KeyValues getLowCardinalityKeyValues(ExchangeContext context) {
        return KeyValues.of(
                ExchangeObservation.Key.STEP.withValue(ExchangeObservation.value(context.step())),
                ExchangeObservation.Key.PEER.withValue(context.peer()));
    }
}
