package dev.crr.autoconfigure;

import java.lang.reflect.Method;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.jdbc.datasource.init.DataSourceInitializer;
import org.springframework.util.ReflectionUtils;

/**
 * Comes before the scripts of {@code spring.sql.init} and of initializers that the application has itself, and after those that run
 * when the tables replicate already ({@code spring.jpa.defer-datasource-initialization}). The scripts' own beans tell neither
 * their database nor their mode, so both are read off their fields.
 */
final class ScriptHook implements BeanPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(ScriptHook.class);

    private final SchemaGuard guard;
    private final ObjectProvider<InstallationAtStartup> installation;

    ScriptHook(SchemaGuard guard, ObjectProvider<InstallationAtStartup> installation) {
        this.guard = guard;
        this.installation = installation;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        DataSource dataSource = database(bean);
        if (dataSource != null) {
            guard.beforeScript(dataSource, "the scripts of \"" + beanName + "\"");
        }
        return bean;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (database(bean) != null) {
            installation.ifAvailable(InstallationAtStartup::again);
        }
        return bean;
    }

    /** The database that a bean is going to run scripts on; null if it runs none. */
    private static @Nullable DataSource database(Object bean) {
        if (bean instanceof DataSourceScriptDatabaseInitializer initializer) {
            DirectFieldAccessor fields = new DirectFieldAccessor(initializer);
            return runs(initializer, fields) ? (DataSource) fields.getPropertyValue("dataSource") : null;
        }
        if (bean instanceof DataSourceInitializer initializer) {
            DirectFieldAccessor fields = new DirectFieldAccessor(initializer);
            return Boolean.FALSE.equals(fields.getPropertyValue("enabled"))
                    ? null
                    : (DataSource) fields.getPropertyValue("dataSource");
        }
        return null;
    }

    /** As the initializer itself decides. */
    private static boolean runs(DataSourceScriptDatabaseInitializer initializer, DirectFieldAccessor fields) {
        if (!(fields.getPropertyValue("settings") instanceof DatabaseInitializationSettings settings)) {
            return true;
        }
        DatabaseInitializationMode mode = settings.getMode();
        return mode == DatabaseInitializationMode.ALWAYS
                || (mode == DatabaseInitializationMode.EMBEDDED && isEmbedded(initializer));
    }

    private static boolean isEmbedded(DataSourceScriptDatabaseInitializer initializer) {
        Method method = ReflectionUtils.findMethod(initializer.getClass(), "isEmbeddedDatabase");
        if (method == null) {
            return true;
        }
        ReflectionUtils.makeAccessible(method);
        try {
            return Boolean.TRUE.equals(ReflectionUtils.invokeMethod(method, initializer));
        } catch (RuntimeException ex) {
            // The initializer is going to meet the same failure.
            log.debug("Cannot tell whether scripts are going to run", ex);
            return true;
        }
    }
}
