package dev.crr.autoconfigure;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;

/**
 * Comes before Flyway migrates. Not a Flyway callback, because those run on Flyway's connection or beside it while it may hold
 * SQLite's only write lock.
 */
final class FlywayHook implements BeanPostProcessor {

    private final SchemaGuard guard;
    private final ObjectProvider<Flyway> flyway;
    private final ObjectProvider<FlywayMigrationStrategy> strategy;

    FlywayHook(SchemaGuard guard, ObjectProvider<Flyway> flyway, ObjectProvider<FlywayMigrationStrategy> strategy) {
        this.guard = guard;
        this.flyway = flyway;
        this.strategy = strategy;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof FlywayMigrationInitializer) {
            // A strategy of the user's own may repair or undo, so pending migrations do not tell what it will do.
            boolean custom = strategy.stream().findAny().isPresent();
            flyway.stream()
                    .filter(each -> custom || each.info().pending().length > 0)
                    .forEach(this::prepare);
        }
        return bean;
    }

    private void prepare(Flyway each) {
        DataSource dataSource = each.getConfiguration().getDataSource();
        if (dataSource != null) {
            guard.beforeChange(dataSource, "Flyway");
        }
    }
}
