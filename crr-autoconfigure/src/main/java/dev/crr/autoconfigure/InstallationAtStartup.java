package dev.crr.autoconfigure;

import dev.crr.engine.AllowedValuesCheck;
import dev.crr.engine.CrrInstaller;
import dev.crr.engine.TableProblem;
import dev.crr.engine.TableSpec;
import dev.crr.jpa.EntityTables;
import jakarta.persistence.EntityManagerFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;

/**
 * Makes the tables of a persistence unit replicate as soon as its {@link EntityManagerFactory} exists: after migrations and
 * Hibernate's own DDL, and before anybody can write through it.
 */
final class InstallationAtStartup implements BeanPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(InstallationAtStartup.class);

    private final ObjectProvider<CrrInstaller> installer;
    private final ObjectProvider<DataSource> dataSources;
    private final ListableBeanFactory beanFactory;

    /** By DataSource and then by persistence unit: the installer wants to hear of all tables of a file. */
    private final Map<DataSource, Map<String, EntityTables>> units = new LinkedHashMap<>();

    /** How many persistence units there are whose tables are known, be they in {@link #units} or not. */
    private final Set<String> known = Collections.synchronizedSet(new HashSet<>());

    /** Spring post-processes a factory bean's product anew at every look-up by type. Once is enough. */
    private final Set<EntityManagerFactory> seen =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    InstallationAtStartup(
            ObjectProvider<CrrInstaller> installer,
            ObjectProvider<DataSource> dataSources,
            ListableBeanFactory beanFactory) {
        this.installer = installer;
        this.dataSources = dataSources;
        this.beanFactory = beanFactory;
    }

    /** Hibernate would not tell why it has no connection. */
    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof AbstractEntityManagerFactoryBean factoryBean) {
            DataSource dataSource = factoryBean.getDataSource();
            if (dataSource != null && SqliteDatabase.isSqliteUrl(PooledUrl.of(dataSource))) {
                CrrDatabase.of(dataSource).call("Open the database", connection -> true);
            }
        }
        return bean;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof EntityManagerFactory factory && seen.add(factory)) {
            EntityTables tables = EntityTables.of(factory);
            boolean replicates =
                    !tables.tables().isEmpty() || !tables.problems().isEmpty();
            known.add(beanName);
            boolean last = known.containsAll(ReplicatedUnit.names(beanFactory));
            // Without entities a main database still has its identity, for the ChangesetService; others are left alone.
            if (replicates || ReplicatedUnit.isMain(beanFactory, beanName)) {
                DataSource dataSource = CrrDatabase.dataSourceOf(factory, dataSources);
                if (leadsToOneDatabase(beanName, factory, dataSource, replicates)) {
                    install(beanName, dataSource, tables, replicates);
                }
            }
            if (last) {
                stopOthers();
            }
        }
        return bean;
    }

    /** Of several, whichever comes first would be taken for all, and what is written to the others would not replicate. */
    private static boolean leadsToOneDatabase(
            String unit, EntityManagerFactory factory, DataSource dataSource, boolean replicates) {
        Set<String> databases = RoutedDatabases.of(dataSource);
        boolean tenants = factory.unwrap(SessionFactoryImplementor.class)
                .getSessionFactoryOptions()
                .isMultiTenancyEnabled();
        if (databases.size() < 2 && !tenants) {
            return true;
        }
        if (replicates && (tenants || RoutedDatabases.includeSqlite(databases))) {
            throw tenants ? SeveralFilesException.ofTenants(unit) : SeveralFilesException.between(unit, databases);
        }
        log.debug("Nothing to do for \"{}\", which has several databases and no @Crr entities.", unit);
        return false;
    }

    private void install(String unit, DataSource dataSource, EntityTables tables, boolean replicates) {
        if (!isSqlite(dataSource)) {
            if (replicates) {
                log.warn(
                        "The @Crr entities of \"{}\" do not replicate: their database is not SQLite. Set crr.enabled=false if"
                                + " that is intended.",
                        unit);
            } else {
                log.debug("Nothing to do for \"{}\": its database is not SQLite.", unit);
            }
            return;
        }
        if (!tables.warnings().isEmpty()) {
            log.warn(FindingsText.warnings(tables.warnings()));
        }
        synchronized (units) {
            units.computeIfAbsent(dataSource, key -> new LinkedHashMap<>()).put(unit, tables);
        }
        install(dataSource, known.containsAll(ReplicatedUnit.names(beanFactory)));
    }

    /** After scripts that ran when the tables replicated already, on whatever file. */
    void again() {
        List<DataSource> files;
        synchronized (units) {
            files = List.copyOf(units.keySet());
        }
        files.forEach(dataSource -> install(dataSource, known.containsAll(ReplicatedUnit.names(beanFactory))));
    }

    /** Only now that all persistence units are known is it known which tables nobody maps any more. */
    private void stopOthers() {
        if (known.size() > 1) {
            List<DataSource> files;
            synchronized (units) {
                files = List.copyOf(units.keySet());
            }
            files.forEach(dataSource -> install(dataSource, true));
        }
    }

    private void install(DataSource dataSource, boolean complete) {
        List<EntityTables> sharing;
        synchronized (units) {
            sharing = List.copyOf(units.getOrDefault(dataSource, Map.of()).values());
        }
        ForeignKeysLeftOn.forget(dataSource);
        CrrDatabase.of(dataSource).call("Install change tracking", connection -> {
            installer.getObject().requireKnownFormat(connection);
            List<TableSpec> specs = new ArrayList<>();
            List<TableProblem> problems = new ArrayList<>();
            for (EntityTables each : sharing) {
                specs.addAll(each.tables());
                problems.addAll(each.problems(connection));
                AllowedValuesCheck.widen(connection, each.allowedValues());
            }
            installer.getObject().install(connection, specs, problems, complete);
            return true;
        });
    }

    private static boolean isSqlite(DataSource dataSource) {
        try {
            return SqliteDatabase.isSqlite(dataSource);
        } catch (SQLException ex) {
            throw SqliteExceptions.translate("Ask the database for its name", ex);
        }
    }
}
