/** How changesets look on the wire. */
@NullMarked
package dev.crr.wire;

import org.jspecify.annotations.NullMarked;
