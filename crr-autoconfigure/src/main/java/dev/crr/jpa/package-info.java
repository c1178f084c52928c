/** From Hibernate's model of {@link dev.crr.Crr @Crr} entities to the tables that replicate. */
@NullMarked
package dev.crr.jpa;

import org.jspecify.annotations.NullMarked;
