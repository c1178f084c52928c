/** What browsers see without asking: changes as they happen, what came from peers and what became of it, how peers are. */
@NullMarked
package dev.crr.demo.live;

import org.jspecify.annotations.NullMarked;
