package dev.crr.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains what to do with a database per tenant. */
final class SeveralFilesFailureAnalyzer extends AbstractFailureAnalyzer<SeveralFilesException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SeveralFilesException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Give the @Crr entities an EntityManagerFactory of their own whose DataSource leads to one file, run an"
                        + " application per file, or set crr.enabled=false.",
                cause);
    }
}
