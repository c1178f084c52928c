/**
 * cr-sqlite's SQL on a connection: its functions, and {@code INSERT INTO crsql_changes}. Knows the API and the engine, and no
 * framework.
 */
@NullMarked
package dev.crr.sql;

import org.jspecify.annotations.NullMarked;
