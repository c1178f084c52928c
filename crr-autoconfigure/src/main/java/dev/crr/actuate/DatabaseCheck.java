package dev.crr.actuate;

import java.util.List;

/** Finds out whether our own database can be read and written, at little cost. Thread-safe; throws nothing. */
@FunctionalInterface
public interface DatabaseCheck {

    /**
     * Checks it now.
     *
     * @return what is wrong, empty if nothing is
     */
    List<Alarm> run();
}
