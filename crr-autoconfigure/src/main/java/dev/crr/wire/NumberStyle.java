package dev.crr.wire;

/** How the numbers among the values of a changeset are written. */
public enum NumberStyle {

    /** As JSON numbers wherever these are exact, for readers that keep {@code 600} and {@code 600.0} apart. */
    PLAIN,

    /** As {@code {"int": "600"}} and {@code {"real": "600.0"}}, for readers that have only one kind of number. */
    TAGGED
}
