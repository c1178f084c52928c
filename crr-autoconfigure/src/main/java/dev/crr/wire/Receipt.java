package dev.crr.wire;

import dev.crr.MergeReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a changeset that was sent.
 *
 * @param report what became of it
 * @param appliedIn how long its transaction took; null if the peer does not tell
 */
public record Receipt(MergeReport report, @Nullable Duration appliedIn) {}
