package dev.crr.simulation;

/** On which pulls the asker leaves out its own changes. */
enum Excluding {
    NEVER,
    SOMETIMES,
    ALWAYS;

    boolean on(int occasion) {
        return switch (this) {
            case NEVER -> false;
            case SOMETIMES -> Integer.bitCount(occasion * 0x9E3779B9) % 2 == 0;
            case ALWAYS -> true;
        };
    }
}
