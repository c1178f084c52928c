package dev.crr.jpa;

import dev.crr.MergedKeys;
import dev.crr.SqlNames;
import dev.crr.Value;
import dev.crr.engine.MergedRows;
import jakarta.persistence.EntityManagerFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.metamodel.mapping.SelectableConsumer;
import org.hibernate.persister.entity.EntityPersister;

/** Keys of rows as the application knows them: with a UUID for 16 bytes. Thread-safe. */
public final class EntityKeys {

    /** By table and column, both in lower case. */
    private final Map<String, Map<String, KeyType>> types = new HashMap<>();

    private final HibernateModel.Quotes quotes;

    private EntityKeys(SessionFactoryImplementor sessionFactory) {
        this.quotes = HibernateModel.quotes(sessionFactory);
        sessionFactory.getMappingMetamodel().forEachEntityDescriptor(this::add);
        sessionFactory.getMappingMetamodel().forEachCollectionDescriptor(collection -> {
            PluralAttributeMapping attribute = collection.getAttributeMapping();
            SelectableConsumer add = (i, column) -> {
                if (!column.isFormula()) {
                    add(
                            column.getContainingTableExpression(),
                            column.getSelectionExpression(),
                            column.getJdbcMapping());
                }
            };
            attribute.getKeyDescriptor().visitKeySelectables(add);
            attribute.getElementDescriptor().forEachSelectable(add);
            if (attribute.getIndexDescriptor() != null) {
                attribute.getIndexDescriptor().forEachSelectable(add);
            }
        });
    }

    /**
     * Reads the mapping.
     *
     * @param factory a factory made by Hibernate
     * @return what it says of keys
     */
    public static EntityKeys of(EntityManagerFactory factory) {
        return new EntityKeys(factory.unwrap(SessionFactoryImplementor.class));
    }

    private void add(EntityPersister entity) {
        HibernateModel.keys(entity)
                .forEach((table, columns) -> entity.getIdentifierMapping()
                        .forEachSelectable((i, column) -> add(table, columns.get(i), column.getJdbcMapping())));
    }

    private void add(String table, String column, JdbcMapping mapping) {
        KeyType type = KeyType.of(mapping);
        if (type != null) {
            types.computeIfAbsent(SqlNames.fold(quotes.strip(table)), name -> new HashMap<>())
                    .putIfAbsent(SqlNames.fold(quotes.strip(column)), type);
        }
    }

    /**
     * Reads keys.
     *
     * @param table the table
     * @param rows its rows
     * @return their keys
     */
    public MergedKeys read(String table, MergedRows rows) {
        Map<String, KeyType> ofTable = types.getOrDefault(SqlNames.fold(table), Map.of());
        List<List<Object>> keys = rows.keys().stream()
                .map(key -> read(ofTable, rows.columns(), key))
                .toList();
        return new MergedKeys(rows.columns(), keys, rows.complete());
    }

    private static List<Object> read(Map<String, KeyType> types, List<String> columns, List<Value> key) {
        Object[] values = new Object[key.size()];
        for (int i = 0; i < values.length; i++) {
            KeyType type = types.get(SqlNames.fold(columns.get(i)));
            Object value = type == null ? null : type.read(key.get(i));
            values[i] = value == null ? stored(key.get(i)) : value;
        }
        return List.of(values);
    }

    private static Object stored(Value value) {
        if (value instanceof Value.Int number) {
            return number.value();
        } else if (value instanceof Value.Text text) {
            return text.value();
        } else if (value instanceof Value.Blob blob) {
            return blob.bytes().clone();
        } else if (value instanceof Value.RawText text) {
            return text.bytes().clone();
        }
        throw new IllegalArgumentException("no key can be " + value);
    }
}
