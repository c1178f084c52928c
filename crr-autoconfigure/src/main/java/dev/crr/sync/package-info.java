/** Peers, and the loop that pulls from and pushes to them over HTTP. */
@NullMarked
package dev.crr.sync;

import org.jspecify.annotations.NullMarked;
