package dev.crr.jpa;

import dev.crr.Value;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.UUID;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.jspecify.annotations.Nullable;

/**
 * The Java type of a key column, where it is one of those that take a stored value in one way only.
 *
 * @param type the type
 */
record KeyType(Class<?> type) {

    private static final Set<Class<?>> KNOWN =
            Set.of(UUID.class, String.class, Long.class, Integer.class, Short.class, Byte.class);

    private static final int UUID_BYTES = 16;

    /** Null if it is none of those. */
    static @Nullable KeyType of(JdbcMapping mapping) {
        Class<?> type = mapping.getJavaTypeDescriptor().getJavaTypeClass();
        boolean plain = mapping.getValueConverter() == null
                && mapping.getJdbcJavaType().getJavaTypeClass().equals(type);
        return plain && KNOWN.contains(type) ? new KeyType(type) : null;
    }

    /** The value as the attribute has it, null if no such attribute could have written it. */
    @Nullable Object read(Value value) {
        if (value instanceof Value.Int number) {
            return number(number.value());
        }
        if (value instanceof Value.Text text) {
            return type == String.class ? text.value() : type == UUID.class ? uuid(text.value()) : null;
        }
        if (value instanceof Value.Blob blob && type == UUID.class && blob.bytes().length == UUID_BYTES) {
            ByteBuffer bytes = ByteBuffer.wrap(blob.bytes());
            return new UUID(bytes.getLong(), bytes.getLong());
        }
        return null;
    }

    private @Nullable Object number(long value) {
        if (type == Long.class) {
            return value;
        } else if (type == Integer.class && value == (int) value) {
            return (int) value;
        } else if (type == Short.class && value == (short) value) {
            return (short) value;
        } else if (type == Byte.class && value == (byte) value) {
            return (byte) value;
        }
        return null;
    }

    private static @Nullable UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException other) {
            return null;
        }
    }
}
