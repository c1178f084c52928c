package dev.crr.jpa;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.jpa.boot.spi.IntegratorProvider;
import org.hibernate.jpa.boot.spi.JpaSettings;

/** What Hibernate is told before it reads a mapping, so that the mapping fits SQLite and several writers. */
public final class HibernateSettings {

    private HibernateSettings() {}

    /**
     * Adds ours to the settings of a persistence unit, and keeps what the user has set there.
     *
     * @param settings the settings, to be changed
     */
    public static void addTo(Map<String, Object> settings) {
        Object integrators = settings.get(JpaSettings.INTEGRATOR_PROVIDER);
        if (integrators == null || integrators instanceof IntegratorProvider) {
            settings.put(JpaSettings.INTEGRATOR_PROVIDER, (IntegratorProvider) () -> {
                List<Integrator> all = new ArrayList<>();
                if (integrators instanceof IntegratorProvider users) {
                    all.addAll(users.getIntegrators());
                }
                all.add(new ImpliedConstraints());
                return all;
            });
        }
    }

    /**
     * Lets Hibernate's schema tool look at the tables of entities only, unless the user has set something else. It fails on any
     * column without a declared type, which SQLite allows, and which virtual tables such as a full-text index have.
     *
     * @param settings the settings, to be changed
     */
    public static void lookAtMappedTablesOnly(Map<String, Object> settings) {
        settings.putIfAbsent(SchemaToolingSettings.HBM2DDL_JDBC_METADATA_EXTRACTOR_STRATEGY, "individually");
    }
}
