package dev.crr.autoconfigure;

import dev.crr.jpa.HibernateSettings;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.orm.jpa.JpaVendorAdapter;

/** Comes before Hibernate reads the mapping, and before its own DDL, which runs while the factory is built. */
final class HibernateSchemaHook implements BeanPostProcessor {

    /** Hibernate's and JPA's words for dropping the tables first. */
    private static final Set<String> RESETS = Set.of("create", "create-drop", "drop", "drop-and-create");

    private static final Set<String> READS = Set.of("update", "validate");

    private static final Set<String> CHANGES = Set.of("create-only", "update");

    private final SchemaGuard guard;

    HibernateSchemaHook(SchemaGuard guard) {
        this.guard = guard;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof AbstractEntityManagerFactoryBean factoryBean) {
            HibernateSettings.addTo(factoryBean.getJpaPropertyMap());
            DataSource dataSource = factoryBean.getDataSource();
            if (dataSource != null) {
                prepare(dataSource, settings(factoryBean), factoryBean.getJpaPropertyMap());
            }
        }
        return bean;
    }

    private void prepare(DataSource dataSource, Map<String, Object> settings, Map<String, Object> own) {
        String hibernate = word(settings, "hibernate.hbm2ddl.auto");
        String jpa = word(settings, "jakarta.persistence.schema-generation.database.action");
        // JPA's "create" only creates, Hibernate's drops first. JPA's word wins where both are given.
        String action = jpa.isEmpty() ? hibernate : jpa.equals("create") ? "create-only" : jpa;
        if (READS.contains(action) && guard.isSqlite(dataSource, "Hibernate")) {
            HibernateSettings.lookAtMappedTablesOnly(own);
        }
        if (RESETS.contains(action)) {
            guard.beforeReset(dataSource, "Hibernate's schema generation (" + action + ")");
        } else if (CHANGES.contains(action)) {
            guard.beforeChange(dataSource, "Hibernate's schema generation (" + action + ")");
        }
    }

    private static Map<String, Object> settings(AbstractEntityManagerFactoryBean factoryBean) {
        Map<String, Object> settings = new HashMap<>();
        JpaVendorAdapter vendor = factoryBean.getJpaVendorAdapter();
        if (vendor != null) {
            settings.putAll(vendor.getJpaPropertyMap());
        }
        settings.putAll(factoryBean.getJpaPropertyMap());
        return settings;
    }

    private static String word(Map<String, Object> settings, String name) {
        Object value = settings.get(name);
        return value == null ? "" : value.toString().strip().toLowerCase(Locale.ROOT);
    }
}
