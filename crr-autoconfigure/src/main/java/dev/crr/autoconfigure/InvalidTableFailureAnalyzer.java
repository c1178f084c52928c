package dev.crr.autoconfigure;

import dev.crr.engine.InvalidTableException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains why tables of {@link dev.crr.Crr @Crr} entities cannot replicate, all of them at once. */
final class InvalidTableFailureAnalyzer extends AbstractFailureAnalyzer<InvalidTableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidTableException cause) {
        return new FailureAnalysis(
                "Tables of @Crr entities cannot replicate:\n\n" + FindingsText.descriptions(cause.problems()),
                "Change the mapping or the table, or remove @Crr:\n\n" + FindingsText.cures(cause.problems()),
                cause);
    }
}
