package dev.crr.jpa;

import dev.crr.engine.AllowedValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hibernate.metamodel.mapping.EntityDiscriminatorMapping;
import org.hibernate.metamodel.mapping.EntityMappingType;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.descriptor.jdbc.JdbcType;

/** Columns that Hibernate gives a CHECK with all values it knows: enums and discriminators. */
final class KnownValues {

    private final HibernateModel.Quotes quotes;
    private final List<AllowedValues> all = new ArrayList<>();

    KnownValues(HibernateModel.Quotes quotes) {
        this.quotes = quotes;
    }

    List<AllowedValues> all() {
        return all.stream().distinct().toList();
    }

    void addEnum(String table, String column, JdbcMapping mapping) {
        Class<?> type = mapping.getJavaTypeDescriptor().getJavaTypeClass();
        if (!type.isEnum() || mapping.getValueConverter() != null) {
            return;
        }
        JdbcType stored = mapping.getJdbcType();
        Object[] constants = type.getEnumConstants();
        List<String> values = stored.isInteger()
                ? IntStream.range(0, constants.length)
                        .mapToObj(Integer::toString)
                        .toList()
                : Arrays.stream(constants)
                        .map(constant -> "'" + ((Enum<?>) constant).name() + "'")
                        .toList();
        add(table, column, values);
    }

    void addDiscriminator(EntityPersister root) {
        EntityDiscriminatorMapping discriminator = root.getDiscriminatorMapping();
        if (discriminator == null || !discriminator.hasPhysicalColumn() || discriminator.isFormula()) {
            return;
        }
        List<String> values = new ArrayList<>();
        values.add(root.getDiscriminatorSQLValue());
        for (EntityMappingType subclass : root.getSubMappingTypes()) {
            values.add(subclass.getDiscriminatorSQLValue());
        }
        add(discriminator.getContainingTableExpression(), discriminator.getSelectionExpression(), values);
    }

    private void add(String table, String column, List<String> values) {
        all.add(new AllowedValues(quotes.strip(table), quotes.strip(column), values));
    }
}
