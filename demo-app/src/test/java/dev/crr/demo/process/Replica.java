package dev.crr.demo.process;

import java.util.List;
import java.util.Set;

/** A database that can be written to and compared with others, whatever keeps its clocks. */
interface Replica {

    String name();

    /** Runs statements. */
    void write(String sql);

    /** The rows of a table in the order of their keys, with the storage class of each value, since that decides merges too. */
    List<List<String>> rows(String table);

    Set<Clock> clocks();
}
