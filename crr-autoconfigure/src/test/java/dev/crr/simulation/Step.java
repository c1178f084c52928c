package dev.crr.simulation;

import java.sql.SQLException;
import java.util.List;

/**
 * One thing that happens in a simulated world. A step carries all it needs and does nothing where its world has no place for it,
 * so that any other step can be dropped from its schedule.
 */
sealed interface Step {

    void run(World world) throws SQLException;

    /** Statements of the application, one by one; those that fail on a constraint change nothing. */
    record Write(int at, List<String> sql) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.node(at).write(sql);
        }
    }

    /**
     * One replica asks another.
     *
     * @param id names the changeset for {@link Deliver}
     * @param excluded whose changes to leave out, -1 for nobody's
     * @param limit about how many changes at most
     * @param ahead how many versions to begin after the cursor
     * @param times how often the changeset arrives now
     */
    record Pull(int id, int to, int from, int excluded, int limit, int ahead, int times) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.pull(this);
        }
    }

    /** A changeset that was read before arrives, late, again, or at somebody who did not ask for it. */
    record Deliver(int id, int at) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.deliver(this);
        }
    }

    /**
     * One replica sends to another; without acknowledgement it does not learn that it arrived.
     *
     * @param id names the changeset for {@link Deliver}
     */
    record Push(int id, int from, int to, int limit, boolean acknowledged) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.push(this);
        }
    }

    /**
     * A row goes at a replica and no trigger sees it. Then everything comes that another has.
     *
     * @param which tells which of the other's changes names the row
     */
    record Vanish(int at, int from, int which) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.vanish(at, from, which);
        }
    }

    /**
     * A dishonest peer sends a change of a row, with numbers beyond all reason or just within.
     *
     * @param which tells which change of the replica's own names the row; a row that nobody has if it has none
     */
    record Forge(int at, int which, long cl, long colVersion) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.forge(at, which, cl, colVersion);
        }
    }

    /** The link between two replicas breaks. */
    record Cut(int one, int other) implements Step {
        @Override
        public void run(World world) {
            world.cut(one, other);
        }
    }

    /** The link between two replicas is repaired. */
    record Heal(int one, int other) implements Step {
        @Override
        public void run(World world) {
            world.heal(one, other);
        }
    }

    /** A replica stops in good order and starts again. */
    record Restart(int at) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.node(at).restart();
        }
    }

    /** A replica is killed before it commits what it wrote. */
    record Crash(int at, List<String> uncommitted) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.node(at).crash(uncommitted);
        }
    }

    /** A replica is killed while it merges: before the commit, or right after it. */
    record CrashInMerge(int to, int from, boolean committed) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.crashInMerge(to, from, committed);
        }
    }

    /** The triggers stand aside, the application writes all the same, is perhaps killed, and starts again. */
    record StandAside(int at, List<String> meanwhile, boolean killed) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.node(at).standAside(meanwhile, killed);
        }
    }

    /**
     * A replica on the older schema gets the newer one, with the triggers standing aside or not.
     *
     * @param before what the migration writes before it changes the schema
     * @param after what it writes then; nothing if the triggers do not stand aside, for who changes the schema and writes
     *     without starting the application in between is on his own
     */
    record Upgrade(int at, boolean aside, List<String> before, List<String> after, boolean killed) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.node(at).upgrade(this);
        }
    }

    /**
     * A copy of a replica's file comes into use beside it.
     *
     * @param index the number of the replica that the copy becomes
     */
    record Clone(int at, int index) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.copy(at, index);
        }
    }

    /** A copy of a replica's file is put aside, beside those that were before. */
    record Keep(int at) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.node(at).keep();
        }
    }

    /** A replica goes on with one of the files that were put aside, any of them and as often as may be. */
    record Restore(int at, int which) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.restore(at, which);
        }
    }

    /** A table of a replica stops replicating, or goes on: nothing if it does so already, or is not there. */
    record Switch(int at, String table, boolean on) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.replicate(at, table, on);
        }
    }

    /** A replica takes a new site id, whether another has its own or not. */
    record NewSiteId(int at) implements Step {
        @Override
        public void run(World world) throws SQLException {
            world.takeNewSiteId(at);
        }
    }
}
