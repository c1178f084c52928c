package dev.crr.autoconfigure;

import dev.crr.jpa.EntityTables;
import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * The persistence unit whose changes are exchanged: among several, the one with {@link dev.crr.Crr @Crr} entities, whichever is
 * primary.
 */
record ReplicatedUnit(String name, EntityManagerFactory factory, DataSource dataSource) {

    static ReplicatedUnit among(ListableBeanFactory beans, ObjectProvider<DataSource> dataSources) {
        List<ReplicatedUnit> all = names(beans).stream()
                .map(name -> of(name, beans.getBean(name, EntityManagerFactory.class), dataSources))
                .toList();
        List<ReplicatedUnit> replicated = all.size() == 1
                ? all
                : all.stream().filter(ReplicatedUnit::replicates).toList();
        Predicate<ReplicatedUnit> isPrimary = unit -> isPrimary(beans, unit.name());
        long files =
                replicated.stream().map(ReplicatedUnit::dataSource).distinct().count();
        if (files > 1 && replicated.stream().noneMatch(isPrimary)) {
            throw new SeveralReplicasException(
                    replicated.stream().map(ReplicatedUnit::name).toList());
        }
        List<ReplicatedUnit> candidates = replicated.isEmpty() ? all : replicated;
        return candidates.stream().filter(isPrimary).findFirst().orElse(candidates.get(0));
    }

    /** All factories on this unit's DataSource, each with caches of its own. */
    List<EntityManagerFactory> onTheSameData(ListableBeanFactory beans, ObjectProvider<DataSource> dataSources) {
        return names(beans).stream()
                .map(name -> of(name, beans.getBean(name, EntityManagerFactory.class), dataSources))
                .filter(each -> each.dataSource().equals(dataSource))
                .map(ReplicatedUnit::factory)
                .toList();
    }

    private static ReplicatedUnit of(
            String name, EntityManagerFactory factory, ObjectProvider<DataSource> dataSources) {
        return new ReplicatedUnit(name, factory, CrrDatabase.dataSourceOf(factory, dataSources));
    }

    /** Whether it is the only one, or the one that counts where nothing else decides. */
    static boolean isMain(ListableBeanFactory beans, String name) {
        return names(beans).size() == 1 || isPrimary(beans, name);
    }

    /** The bean names of all persistence units. */
    static List<String> names(ListableBeanFactory beans) {
        return List.of(beans.getBeanNamesForType(EntityManagerFactory.class, true, false));
    }

    private static boolean isPrimary(ListableBeanFactory beans, String name) {
        return beans instanceof ConfigurableListableBeanFactory configurable
                && configurable.containsBeanDefinition(name)
                && configurable.getBeanDefinition(name).isPrimary();
    }

    private boolean replicates() {
        EntityTables tables = EntityTables.of(factory);
        return !tables.tables().isEmpty() || !tables.problems().isEmpty();
    }

    /** The one that manages this unit; one of our own if all manage something else, such as a message broker. */
    PlatformTransactionManager transactionManager(ObjectProvider<PlatformTransactionManager> all) {
        List<PlatformTransactionManager> managers = all.stream().toList();
        return managers.stream()
                .filter(this::isManagedBy)
                .findFirst()
                .orElseGet(() -> managers.size() == 1 && !(managers.get(0) instanceof ResourceTransactionManager)
                        ? managers.get(0)
                        : new JpaTransactionManager(factory));
    }

    private boolean isManagedBy(PlatformTransactionManager manager) {
        if (manager instanceof ResourceTransactionManager ofResource) {
            Object resource = ofResource.getResourceFactory();
            return resource.equals(factory)
                    || (resource instanceof DataSource other
                            && WrappedDataSource.target(other).equals(WrappedDataSource.target(dataSource)));
        }
        return false;
    }
}
