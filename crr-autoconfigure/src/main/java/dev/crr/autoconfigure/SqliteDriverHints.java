package dev.crr.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/** The pool makes its driver from a name. */
final class SqliteDriverHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        // By name, because the driver may not be there.
        hints.reflection()
                .registerType(
                        TypeReference.of("dev.crr.autoconfigure.SqliteDriver"),
                        MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
    }
}
