package dev.crr.demo;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Set;

/** The identifiers of what is selected. */
record Selection(@NotNull @Size(max = 1000) Set<@NotBlank String> selected) {}
