package dev.crr.actuate;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/** The handlers' methods are found by name, which nobody can see ahead of time. */
final class ChangesHandlerHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        if (ClassUtils.isPresent("jakarta.servlet.http.HttpServletRequest", classLoader)) {
            hints.reflection().registerType(ChangesHandler.class, MemberCategory.INVOKE_DECLARED_METHODS);
            hints.reflection().registerType(SnapshotHandler.class, MemberCategory.INVOKE_DECLARED_METHODS);
            hints.reflection().registerType(StatusHandler.class, MemberCategory.INVOKE_DECLARED_METHODS);
        }
    }
}
