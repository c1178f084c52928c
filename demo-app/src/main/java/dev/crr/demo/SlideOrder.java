package dev.crr.demo;

import jakarta.validation.constraints.NotNull;

/** Where in its deck to put a slide. */
record SlideOrder(@NotNull Integer order) {}
