/** A presentation editor for several people, each with a database of their own. */
@NullMarked
package dev.crr.demo;

import org.jspecify.annotations.NullMarked;
