/** The demo. */
@org.jspecify.annotations.NullMarked
package dev.crr.demo;
