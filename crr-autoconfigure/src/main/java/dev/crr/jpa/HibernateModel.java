package dev.crr.jpa;

import dev.crr.Crr;
import dev.crr.SqlNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.dialect.Dialect;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.mapping.EntityMappingType;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.metamodel.mapping.TableDetails;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.persister.entity.UnionSubclassEntityPersister;
import org.hibernate.persister.entity.mutation.EntityMutationTarget;
import org.hibernate.persister.entity.mutation.EntityTableMapping;
import org.jspecify.annotations.Nullable;

/** The parts of Hibernate's runtime model that Hibernate does not promise to keep. All of them stay in here. */
final class HibernateModel {

    private HibernateModel() {}

    /** The characters between which the dialect puts quoted names. */
    record Quotes(char open, char close) {

        /** A table or column name without its quotes and without the schema {@code main}. */
        String strip(String expression) {
            String name = unquoted(expression);
            int dot = expression.indexOf('.');
            boolean ofMain = dot > 0 && SqlNames.same(unquoted(expression.substring(0, dot)), "main");
            return ofMain ? unquoted(expression.substring(dot + 1)) : name;
        }

        private String unquoted(String name) {
            int last = name.length() - 1;
            return last > 0 && name.charAt(0) == open && name.charAt(last) == close ? name.substring(1, last) : name;
        }
    }

    static Quotes quotes(SessionFactoryImplementor sessionFactory) {
        Dialect dialect = sessionFactory.getJdbcServices().getDialect();
        return new Quotes(dialect.openQuote(), dialect.closeQuote());
    }

    /** All entities, superclasses first, so that a shared table gets their name. */
    static List<EntityPersister> entities(SessionFactoryImplementor sessionFactory) {
        List<EntityPersister> entities = new ArrayList<>();
        sessionFactory.getMappingMetamodel().forEachEntityDescriptor(entities::add);
        entities.sort(Comparator.<EntityPersister>comparingInt(HibernateModel::depth)
                .thenComparing(EntityPersister::getEntityName));
        return entities;
    }

    /** Whether the entity carries {@link Crr @Crr} or inherits it. */
    static boolean isReplicated(EntityPersister entity) {
        return entity.getMappedClass() != null && entity.getMappedClass().isAnnotationPresent(Crr.class);
    }

    /** The tables Hibernate writes an entity's state to, as SQL expressions. */
    static List<String> tables(EntityPersister entity) {
        // Under TABLE_PER_CLASS the mapping of an abstract class names a table that does not exist.
        if (entity instanceof UnionSubclassEntityPersister && entity.isAbstract()) {
            return List.of();
        }
        return Arrays.stream(((EntityMutationTarget) entity).getTableMappings())
                .filter(table -> !table.isInverse())
                .map(EntityTableMapping::getTableName)
                .toList();
    }

    /**
     * The table in which an entity has a column of an attribute, as an SQL expression. Under TABLE_PER_CLASS the mapping names the
     * table of the class that declares the attribute, while each subclass has the column in a table of its own.
     */
    static String table(EntityPersister entity, SelectableMapping column) {
        return entity instanceof UnionSubclassEntityPersister
                ? tables(entity).stream().findFirst().orElseGet(column::getContainingTableExpression)
                : column.getContainingTableExpression();
    }

    /** The tables in which an entity and its subclasses have a column of an attribute, as SQL expressions. */
    static Set<String> tablesOfHierarchy(EntityMappingType entity, SelectableMapping column) {
        Set<String> tables = new LinkedHashSet<>();
        tables.add(table(entity.getEntityPersister(), column));
        entity.getSubMappingTypes().forEach(subclass -> tables.add(table(subclass.getEntityPersister(), column)));
        return tables;
    }

    /** The table of its own that a collection has and writes to, as an SQL expression; null if it has none. */
    static @Nullable String ownedTable(PluralAttributeMapping collection) {
        return collection.getCollectionDescriptor().isInverse() ? null : collection.getSeparateCollectionTable();
    }

    /** The key columns of those tables by table, in the order of the identifier's parts, as SQL expressions. */
    static Map<String, List<String>> keys(EntityPersister entity) {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        List<String> tables = tables(entity);
        for (EntityTableMapping table : ((EntityMutationTarget) entity).getTableMappings()) {
            if (tables.contains(table.getTableName())) {
                keys.put(
                        table.getTableName(),
                        table.getKeyDetails().getKeyColumns().stream()
                                .map(TableDetails.KeyColumn::getColumnName)
                                .toList());
            }
        }
        return keys;
    }

    private static int depth(EntityPersister entity) {
        int depth = 0;
        for (@Nullable EntityMappingType type = entity.getSuperMappingType();
                type != null;
                type = type.getSuperMappingType()) {
            depth++;
        }
        return depth;
    }
}
