package dev.crr.jpa;

import dev.crr.SqlNames;
import dev.crr.engine.VersionColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.metamodel.mapping.EntityVersionMapping;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.persister.entity.EntityPersister;

/**
 * Gathers which {@code @Version} columns count what happens to which tables: an entity's own for its tables, also where they are
 * several, and as Hibernate has it for those of the collections it owns.
 */
final class VersionCollector {

    private static final Map<Class<?>, Long> LARGEST = Map.of(
            Long.class, Long.MAX_VALUE,
            Integer.class, (long) Integer.MAX_VALUE,
            Short.class, (long) Short.MAX_VALUE);

    /** A version column, as SQL expressions, and the largest number it takes. */
    private record Counter(String table, String column, long max) {}

    private final HibernateModel.Quotes quotes;
    private final Findings findings;

    /** Version column by its table, by lower-case name of the table whose rows it counts. */
    private final Map<String, Map<String, VersionColumn>> versions = new LinkedHashMap<>();

    private final Set<String> refused = new HashSet<>();

    VersionCollector(HibernateModel.Quotes quotes, Findings findings) {
        this.quotes = quotes;
        this.findings = findings;
    }

    Set<VersionColumn> of(String table) {
        return Set.copyOf(versions.getOrDefault(SqlNames.fold(table), Map.of()).values());
    }

    /** Whether it is the {@code @Version} of the entity. */
    static boolean isVersion(EntityPersister entity, String attribute) {
        EntityVersionMapping version = entity.getVersionMapping();
        return version != null
                && version.getVersionAttribute().getAttributeName().equals(attribute);
    }

    void add(EntityPersister entity) {
        EntityVersionMapping version = entity.getVersionMapping();
        if (version == null) {
            return;
        }
        Map<String, List<String>> keys = HibernateModel.keys(entity);
        String versionTable = HibernateModel.table(entity, version);
        List<String> versionKeys = keys.get(versionTable);
        Long max = LARGEST.get(version.getJdbcMapping().getJavaTypeDescriptor().getJavaTypeClass());
        if (max == null) {
            refuse(entity, version);
        } else if (versionKeys != null) {
            Counter counter = new Counter(versionTable, version.getSelectionExpression(), max);
            keys.forEach((table, columns) -> add(table, columns, counter, versionKeys));
        }
    }

    /** To be called for the collections that replicate, with their owner. */
    void add(PluralAttributeMapping collection, String table, EntityPersister owner) {
        EntityVersionMapping version = owner.getVersionMapping();
        if (version == null || !collection.getCollectionDescriptor().isVersioned()) {
            return;
        }
        Map<String, List<String>> keys = HibernateModel.keys(owner);
        String versionTable = HibernateModel.table(owner, version);
        List<String> versionKeys = keys.get(versionTable);
        Long max = LARGEST.get(version.getJdbcMapping().getJavaTypeDescriptor().getJavaTypeClass());
        if (versionKeys == null || max == null) {
            return;
        }
        List<String> columns = new ArrayList<>();
        collection.getKeyDescriptor().visitKeySelectables((i, column) -> columns.add(column.getSelectionExpression()));
        List<String> referred = new ArrayList<>();
        collection.getKeyDescriptor().visitTargetSelectables((i, target) -> {
            // Under TABLE_PER_CLASS it refers to the table of a superclass, or to none.
            List<String> targetKeys = keys.getOrDefault(target.getContainingTableExpression(), versionKeys);
            int position = targetKeys.indexOf(target.getSelectionExpression());
            if (position >= 0) {
                referred.add(versionKeys.get(position));
            }
        });
        // Rows that refer to something else than the identifier do not tell whose they are.
        if (referred.size() == versionKeys.size() && columns.size() == versionKeys.size()) {
            add(table, columns, new Counter(versionTable, version.getSelectionExpression(), max), referred);
        }
    }

    private void add(String table, List<String> columns, Counter version, List<String> versionKeys) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            keys.put(quotes.strip(columns.get(i)), quotes.strip(versionKeys.get(i)));
        }
        VersionColumn counting =
                new VersionColumn(quotes.strip(version.table()), quotes.strip(version.column()), version.max(), keys);
        versions.computeIfAbsent(SqlNames.fold(quotes.strip(table)), name -> new LinkedHashMap<>())
                .putIfAbsent(counting.table(), counting);
    }

    private void refuse(EntityPersister entity, EntityVersionMapping version) {
        String attribute = version.getVersionAttribute().getAttributeName();
        // Subclasses have it from their superclass, which comes first.
        if (refused.add(SqlNames.fold(version.getContainingTableExpression()) + "." + attribute)) {
            findings.add(
                    Findings.Kind.PROBLEM,
                    entity,
                    HibernateModel.table(entity, version),
                    version.getSelectionExpression(),
                    "The @Version attribute \"" + attribute
                            + "\" is no number that counts up, and a merge has to count the row's"
                            + " edits on, or a write from before would pass unnoticed.",
                    "Make it a long, and the column bigint, by a migration if the table exists. Keep the time of the last"
                            + " edit in an attribute of its own, with @UpdateTimestamp.");
        }
    }
}
