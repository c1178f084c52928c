package dev.crr;

/** The database file was written by a later release of crr, which keeps things in it that this release does not know. */
public class NewerFormatException extends CrrException {

    private static final long serialVersionUID = 1L;

    private final String file;

    /**
     * @param file the database file
     * @param format the number of its format
     * @param known the largest number that this release knows
     */
    public NewerFormatException(String file, long format, long known) {
        super("The database file " + file + " has format " + format + ", and this release of crr knows formats up to "
                + known + ". A later release has used the file. Nothing was changed.");
        this.file = file;
    }

    /**
     * The database file.
     *
     * @return its path, empty for a database in memory
     */
    public String file() {
        return file;
    }
}
