/** Spring Boot auto-configuration, properties and failure analysis. */
@NullMarked
package dev.crr.autoconfigure;

import org.jspecify.annotations.NullMarked;
