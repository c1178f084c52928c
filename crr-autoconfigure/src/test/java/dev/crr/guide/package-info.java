/** The Java of docs/guide.md, compiled, and the test that runs the guide. */
@NullMarked
package dev.crr.guide;

import org.jspecify.annotations.NullMarked;
