package dev.crr.engine;

import org.jspecify.annotations.Nullable;

/**
 * Why a table cannot replicate.
 *
 * @param table the table
 * @param entity its entity, if known
 * @param column the column at fault, if it is one
 * @param description what is wrong, one sentence
 * @param cure what to change, one sentence
 */
public record TableProblem(
        String table, @Nullable String entity, @Nullable String column, String description, String cure) {}
