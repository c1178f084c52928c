/** Who gets in: anybody by default, and with the profile {@code secure} only who has an account. */
@NullMarked
package dev.crr.demo.security;

import org.jspecify.annotations.NullMarked;
