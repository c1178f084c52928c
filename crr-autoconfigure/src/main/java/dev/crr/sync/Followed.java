package dev.crr.sync;

import dev.crr.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * A database in one scope: what cursors belong to.
 *
 * @param peer the database
 * @param scope the narrowing, null for everything
 */
record Followed(SiteId peer, @Nullable String scope) {}
