/**
 * What an application sees of crr: {@link dev.crr.Crr @Crr} for entities, {@link dev.crr.ChangesetService} for exchanging
 * changesets, and the values these speak in.
 */
@NullMarked
package dev.crr;

import org.jspecify.annotations.NullMarked;
