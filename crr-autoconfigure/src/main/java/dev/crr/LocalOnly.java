package dev.crr;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Keeps the columns of one attribute of a {@link Crr @Crr} entity on this instance: they are neither sent nor received.
 *
 * <p>Such a column must be nullable or have a default, because rows that arrive from elsewhere come without it. It cannot be
 * part of the key.
 */
@Documented
@Target({ElementType.FIELD, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface LocalOnly {}
