package dev.crr.actuate;

import org.jspecify.annotations.Nullable;

/**
 * Something that somebody should look at.
 *
 * @param kind what it is
 * @param peer the name of the peer it is about; null if it is about none
 * @param message the particulars, for people
 */
public record Alarm(AlarmKind kind, @Nullable String peer, String message) {}
