package dev.crr.engine;

/**
 * A change that is well formed but cannot be applied here.
 *
 * @param item the change
 * @param reason why not
 */
record Rejection(IncomingRow.Item item, String reason) {}
