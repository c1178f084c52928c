package dev.crr.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains what a bootstrap needs at the other side. */
final class BootstrapFailureAnalyzer extends AbstractFailureAnalyzer<BootstrapFailedException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, BootstrapFailedException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Start again when peer \"" + cause.peer()
                        + "\" can be reached and has crr.snapshot.enabled=true, or remove"
                        + " crr.bootstrap.from to begin with an empty database that receives all changes one by one.",
                cause);
    }
}
