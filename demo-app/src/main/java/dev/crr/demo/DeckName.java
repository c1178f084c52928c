package dev.crr.demo;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** What to call a deck. */
record DeckName(@NotBlank @Size(max = 200) String name) {}
