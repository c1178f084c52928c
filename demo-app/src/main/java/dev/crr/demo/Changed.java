package dev.crr.demo;

/** How many rows a request changed. */
record Changed(int changed) {}
