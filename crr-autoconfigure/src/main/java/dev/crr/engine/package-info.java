/**
 * The CRR engine over plain JDBC: the catalogue of replicated tables, their triggers and clocks, reading and merging changes.
 * Knows nothing of Spring or Hibernate.
 */
@NullMarked
package dev.crr.engine;

import org.jspecify.annotations.NullMarked;
