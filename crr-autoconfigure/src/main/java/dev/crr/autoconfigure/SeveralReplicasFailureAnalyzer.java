package dev.crr.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains how to tell which database is the one to exchange. */
final class SeveralReplicasFailureAnalyzer extends AbstractFailureAnalyzer<SeveralReplicasException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SeveralReplicasException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Put all @Crr entities into one persistence unit, or mark with @Primary the EntityManagerFactory whose changes"
                        + " are to be exchanged. The others then only track theirs.",
                cause);
    }
}
