package dev.crr.kill;

import java.util.Random;

/**
 * Where a history is left for ever when its process is killed. Counted in what it does and not in time, so that it is the same
 * place on any machine.
 *
 * @param aim what is counted
 * @param count which of those
 * @param steps how far into it, in steps of SQLite's virtual machine: 0 is right before it; right after it, if it is not as long
 */
public record KillPoint(Aim aim, int count, int steps) {

    /** What to count. */
    public enum Aim {
        /** Statements since the file was opened. */
        START,
        /** Statements of a migration, and of the installation that follows. */
        MIGRATION,
        /** Statements after the start. */
        WORK,
        /** Commits after the start: it is left when the commit is done and nobody was told. */
        COMMIT,
        /** Nothing: it goes on until the kill, which comes when it comes, even while SQLite writes. */
        NOWHERE
    }

    private static final int END = Integer.MAX_VALUE;

    static final KillPoint NONE = new KillPoint(Aim.NOWHERE, 0, 0);

    /** The points of a run: every aim in turn, so that none is left to chance. */
    static KillPoint of(int number, Random random) {
        Aim aim = switch (number % 6) {
            case 0 -> Aim.START;
            case 1 -> Aim.MIGRATION;
            case 2 -> Aim.COMMIT;
            default -> Aim.WORK;
        };
        return switch (aim) {
            case COMMIT -> new KillPoint(aim, 1 + random.nextInt(20), END);
            default -> new KillPoint(aim, 1 + random.nextInt(random.nextBoolean() ? 20 : 200), steps(random));
        };
    }

    /** Before, after, or inside: most statements take few steps, and some very many. */
    private static int steps(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> END;
            default -> 1 << random.nextInt(12);
        };
    }

    static KillPoint parse(String text) {
        String[] parts = text.split(":", -1);
        return new KillPoint(Aim.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        return aim + ":" + count + ":" + steps;
    }
}
