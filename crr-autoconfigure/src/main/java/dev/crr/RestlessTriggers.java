package dev.crr;

import java.util.List;

/**
 * Triggers of the application's own that keep instances exchanging though nobody writes: what they write while a changeset is merged
 * makes triggers elsewhere write in turn, and so on for ever.
 *
 * @param tables the tables whose merges made edits
 * @param triggers the triggers on them, by name
 * @param merges how many merges did so one after the other
 */
public record RestlessTriggers(List<String> tables, List<String> triggers, int merges) {

    public RestlessTriggers {
        tables = List.copyOf(tables);
        triggers = List.copyOf(triggers);
    }
}
