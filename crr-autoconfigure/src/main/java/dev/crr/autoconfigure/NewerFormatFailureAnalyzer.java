package dev.crr.autoconfigure;

import dev.crr.NewerFormatException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains what to do with a file that a later release has used. */
final class NewerFormatFailureAnalyzer extends AbstractFailureAnalyzer<NewerFormatException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, NewerFormatException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Start the application with the release of crr that used the file last, or a later one. To go back to this release,"
                        + " restore a backup of the file from before the upgrade, or begin with an empty file: the peers fill it.",
                cause);
    }
}
