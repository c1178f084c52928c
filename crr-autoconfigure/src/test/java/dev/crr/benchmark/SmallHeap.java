package dev.crr.benchmark;

import dev.crr.engine.CrrEngine;
import java.nio.file.Path;
import java.sql.Connection;

/** A process with little memory that reads all of one database and merges it into another. */
final class SmallHeap {

    private SmallHeap() {}

    public static void main(String[] files) throws Exception {
        Contender.Crr crr = new Contender.Crr(new CrrEngine(Contender.PIECE, 1));
        try (Connection from = Contender.open(Path.of(files[0]), false);
                Connection to = Contender.open(Path.of(files[1]), false)) {
            Contender.run(to, Rows.TABLE);
            crr.install(to);
            crr.merge(from, to, 0, true);
            if (Rows.contents(from) != Rows.contents(to)) {
                throw new IllegalStateException("the two databases differ");
            }
        }
    }
}
