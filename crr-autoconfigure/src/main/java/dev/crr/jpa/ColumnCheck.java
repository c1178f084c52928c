package dev.crr.jpa;

import dev.crr.jpa.Findings.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Set;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.BasicPluralType;
import org.hibernate.type.descriptor.java.SerializableJavaType;
import org.jspecify.annotations.Nullable;

/** Finds columns whose values SQLite would not give back as they were, or would not mean the same elsewhere. */
final class ColumnCheck {

    /** What a double keeps of a decimal number, whatever its scale. */
    private static final int DECIMAL_DIGITS = 15;

    /** What 64 bits keep of an integer. */
    private static final int INTEGER_DIGITS = 18;

    private static final Set<Class<?>> WITHOUT_ZONE =
            Set.of(LocalDate.class, LocalTime.class, LocalDateTime.class, java.sql.Date.class, java.sql.Time.class);

    private static final Set<Integer> DATE_TYPES = Set.of(Types.DATE, Types.TIME, Types.TIMESTAMP);
    private static final Set<Integer> BINARY_TYPES = Set.of(Types.BINARY, Types.VARBINARY, Types.BLOB);

    private final EntityPersister entity;
    private final Findings findings;

    ColumnCheck(EntityPersister entity, Findings findings) {
        this.entity = entity;
        this.findings = findings;
    }

    void check(String table, SelectableMapping column) {
        if (column.isFormula()) {
            return;
        }
        JdbcMapping mapping = column.getJdbcMapping();
        Class<?> type = mapping.getJdbcJavaType().getJavaTypeClass();
        int code = mapping.getJdbcType().getDdlTypeCode();
        if (type == BigDecimal.class) {
            checkDigits(table, column, "BigDecimal", DECIMAL_DIGITS);
        }
        if (type == BigInteger.class) {
            checkDigits(table, column, "BigInteger", INTEGER_DIGITS);
        }
        if (WITHOUT_ZONE.contains(type) && DATE_TYPES.contains(code)) {
            findings.add(
                    Kind.ZONED,
                    entity,
                    table,
                    column.getSelectionExpression(),
                    "The driver stores dates as milliseconds, which are another date or hour in another time zone.",
                    "Remove date_class from spring.datasource.hikari.data-source-properties and from the URL, or set it to"
                            + " TEXT, on all instances alike.");
        }
        if (BINARY_TYPES.contains(code)
                && (mapping.getJdbcJavaType() instanceof SerializableJavaType
                        || mapping instanceof BasicPluralType<?, ?>)) {
            findings.add(
                    Kind.WARNING,
                    entity,
                    table,
                    column.getSelectionExpression(),
                    "The value is stored as serialized Java, which no query can look into, and which another version of its"
                            + " class may not be able to read.",
                    "Store it as JSON with @JdbcTypeCode(SqlTypes.JSON), or use an @ElementCollection, whose elements merge"
                            + " one by one.");
        }
    }

    private void checkDigits(String table, SelectableMapping column, String type, int kept) {
        if (!fits(column.getPrecision(), kept)) {
            findings.add(
                    Kind.INEXACT,
                    entity,
                    table,
                    column.getSelectionExpression(),
                    "SQLite keeps " + kept + " digits of a " + type + " in a numeric column and rounds the rest away.",
                    "If that many are enough, say so with @Column(precision = " + kept
                            + ") or less. Otherwise store it as text, with @JdbcTypeCode(SqlTypes.VARCHAR) and a column of type"
                            + " varchar; if the table exists, a migration has to change the column.");
        }
    }

    private static boolean fits(@Nullable Integer precision, int digits) {
        return precision != null && precision > 0 && precision <= digits;
    }
}
