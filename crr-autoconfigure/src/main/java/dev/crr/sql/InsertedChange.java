package dev.crr.sql;

import dev.crr.Change;
import dev.crr.SiteId;
import dev.crr.Value;
import dev.crr.engine.PackedKey;
import java.util.List;

/** Reads a change from the nine values of an INSERT INTO crsql_changes. Types must be those that a SELECT gives. */
final class InsertedChange {

    private static final int SITE_ID_BYTES = 16;

    private InsertedChange() {}

    /**
     * @throws IllegalArgumentException naming the column that does not fit
     */
    static Change of(List<Value> row) {
        String cid = text(row.get(2), "cid");
        Value val = row.get(3);
        long colVersion = number(row.get(4), "col_version", 0, Change.VERSION_BOUND);
        long cl = number(row.get(7), "cl", 1, Change.VERSION_BOUND);
        if (cid.equals(Change.ROW)) {
            require(val instanceof Value.Null, "val", "NULL where cid is '-1'", val);
            require(colVersion == cl, "col_version", "the same as cl (" + cl + ") where cid is '-1'", row.get(4));
        }
        return new Change(
                text(row.get(0), "table"),
                key(row.get(1)),
                cid,
                val,
                colVersion,
                number(row.get(5), "db_version", 0, Long.MAX_VALUE),
                site(row.get(6)),
                cl,
                number(row.get(8), "seq", 0, Long.MAX_VALUE));
    }

    private static String text(Value value, String column) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        throw wrong(column, "a TEXT", value);
    }

    private static long number(Value value, String column, long least, long bound) {
        String expected =
                "an INTEGER of at least " + least + (bound == Change.VERSION_BOUND ? " and less than 2^53" : "");
        if (value instanceof Value.Int number) {
            require(number.value() >= least && number.value() < bound, column, expected, value);
            return number.value();
        }
        throw wrong(column, expected, value);
    }

    private static SiteId site(Value value) {
        if (value instanceof Value.Blob blob && blob.bytes().length == SITE_ID_BYTES) {
            return SiteId.of(blob.bytes());
        }
        throw wrong("site_id", "a BLOB of 16 bytes", value);
    }

    private static List<Value> key(Value value) {
        if (!(value instanceof Value.Blob blob)) {
            throw wrong("pk", "a BLOB, as crsql_pack_columns makes it", value);
        }
        List<Value> key;
        try {
            key = PackedKey.unpack(blob.bytes());
        } catch (IllegalArgumentException fault) {
            throw new IllegalArgumentException("column pk of crsql_changes: " + fault.getMessage(), fault);
        }
        require(!key.isEmpty() && !key.contains(Value.NULL), "pk", "a key without NULLs", value);
        return key;
    }

    private static void require(boolean fits, String column, String expected, Value value) {
        if (!fits) {
            throw wrong(column, expected, value);
        }
    }

    private static IllegalArgumentException wrong(String column, String expected, Value value) {
        return new IllegalArgumentException(
                "column " + column + " of crsql_changes must be " + expected + ", but is " + described(value));
    }

    private static String described(Value value) {
        if (value instanceof Value.Blob blob) {
            return "a BLOB of " + blob.bytes().length + " bytes";
        }
        if (value instanceof Value.Real) {
            return "the REAL " + value;
        }
        String text = value.toString();
        return text.length() > 80 ? text.substring(0, 40) + "…" : text;
    }
}
