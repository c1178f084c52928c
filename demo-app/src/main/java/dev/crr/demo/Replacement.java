package dev.crr.demo;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** A text to look for and what to write in its place. */
record Replacement(
        @NotEmpty @Size(max = 1000) String find,
        @NotNull @Size(max = 1000) String replace) {}
