package dev.crr.kill;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;

/**
 * One history in a process that is going to be killed. Its thread stops for ever where its {@link KillPoint} is, inside a call of
 * SQLite if need be: what the kill finds is what it would have found had it come at this moment. So one process serves several
 * histories, each on files of its own.
 */
public final class Doomed {

    /** What a history does, without end. */
    @FunctionalInterface
    public interface History {
        void run(Doomed self) throws SQLException;
    }

    /** Arguments of one: its point, its file, another's, a seed. */
    static final int ARGUMENTS = 4;

    private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
    private static final ThreadLocal<Doomed> CURRENT = new ThreadLocal<>();

    private final int number;
    private final KillPoint point;
    private final Path one;
    private final Path other;
    private final long seed;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private KillPoint.@Nullable Aim counted;
    private int count;
    private boolean inTransaction;

    private Doomed(int number, String... arguments) {
        this.number = number;
        this.point = KillPoint.parse(arguments[0]);
        this.one = Path.of(arguments[1]);
        this.other = Path.of(arguments[2]);
        this.seed = Long.parseLong(arguments[3]);
    }

    /** The main method of such a process. */
    public static void run(History history, String... arguments) throws InterruptedException {
        System.setOut(System.err); // nobody else's lines between ours
        PointedDriver.install();
        for (int i = 0; i < arguments.length / ARGUMENTS; i++) {
            String[] own = new String[ARGUMENTS];
            System.arraycopy(arguments, i * ARGUMENTS, own, 0, ARGUMENTS);
            Doomed doomed = new Doomed(i, own);
            Thread thread = new Thread(() -> doomed.live(history), "history " + i);
            thread.start();
            // One after the other, so that each does the same again.
            if (doomed.point.aim() != KillPoint.Aim.NOWHERE) {
                doomed.stopped.await();
            }
        }
        OUT.println("stopped .");
    }

    static @Nullable Doomed current() {
        return CURRENT.get();
    }

    private void live(History history) {
        CURRENT.set(this);
        try {
            history.run(this);
        } catch (Throwable failure) {
            failure.printStackTrace(System.err);
        }
        // A history has no end; whoever reads this process's output finds that it has.
        Runtime.getRuntime().halt(1);
    }

    public Path one() {
        return one;
    }

    public Path other() {
        return other;
    }

    public long seed() {
        return seed;
    }

    /** Whether it is to be left in something that a history need not do. */
    public boolean aimsAt(KillPoint.Aim aim) {
        return point.aim() == aim;
    }

    /** What begins now. */
    public void begins(KillPoint.Aim aim) {
        counted = aim;
    }

    /** Tells the test. */
    public void say(String line) {
        OUT.println(number + " " + line + " .");
    }

    void before(Connection connection, String sql) throws SQLException {
        if (counts(sql)) {
            count++;
            if (count == point.count()) {
                stopAfter(point.steps(), connection);
            }
        }
    }

    /** Whether or not the statement worked. */
    void after(String sql) {
        if (counts(sql) && count == point.count()) {
            stop("after");
        }
        String upper = sql.toUpperCase(Locale.ROOT);
        inTransaction(upper.startsWith("BEGIN") || (inTransaction && !upper.matches("(?s)(COMMIT|ROLLBACK).*")));
    }

    void inTransaction(boolean begun) {
        inTransaction = begun;
    }

    private boolean counts(String sql) {
        return switch (point.aim()) {
            case NOWHERE -> false;
            case START -> true;
            case COMMIT -> counted == KillPoint.Aim.WORK && sql.regionMatches(true, 0, "COMMIT", 0, 6);
            // A short migration is followed by work.
            case MIGRATION -> counted == KillPoint.Aim.MIGRATION || counted == KillPoint.Aim.WORK;
            case WORK -> counted == KillPoint.Aim.WORK;
        };
    }

    private void stopAfter(int steps, Connection connection) throws SQLException {
        if (steps == 0) {
            stop("before");
        }
        ProgressHandler.setHandler(connection, 1, new ProgressHandler() {
            private int done;

            @Override
            protected int progress() {
                if (++done == steps) {
                    stop("inside");
                }
                return 0;
            }
        });
    }

    private void stop(String where) {
        say("left " + point.aim() + " " + where + (inTransaction ? " transaction" : " alone"));
        stopped.countDown();
        while (true) {
            LockSupport.park();
        }
    }
}
