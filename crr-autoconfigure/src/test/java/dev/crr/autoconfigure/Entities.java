package dev.crr.autoconfigure;

import java.util.Arrays;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;

/** Application contexts over a SQLite file and a few entities. */
final class Entities {

    private Entities() {}

    static ApplicationContextRunner runner(String file, Class<?>... entities) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        TransactionAutoConfiguration.class,
                        CrrDataSourceAutoConfiguration.class,
                        CrrAutoConfiguration.class,
                        CrrSchemaAutoConfiguration.class))
                .withPropertyValues("spring.datasource.url=jdbc:sqlite:" + file)
                .withBean(
                        PersistenceManagedTypes.class,
                        () -> PersistenceManagedTypes.of(
                                Arrays.stream(entities).map(Class::getName).toArray(String[]::new)));
    }
}
