/** The actuator endpoint and the HTTP handlers beside it. */
@NullMarked
package dev.crr.actuate;

import org.jspecify.annotations.NullMarked;
