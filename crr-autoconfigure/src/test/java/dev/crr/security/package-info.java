/** Recipes of docs/security.md, and whether they hold. */
@NullMarked
package dev.crr.security;

import org.jspecify.annotations.NullMarked;
