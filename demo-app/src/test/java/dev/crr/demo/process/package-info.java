/** Tests with real processes: the packaged demo, started with {@code java -jar}, each on a database of its own. */
@NullMarked
package dev.crr.demo.process;

import org.jspecify.annotations.NullMarked;
