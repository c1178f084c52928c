package dev.crr.jpa;

import dev.crr.LocalOnly;
import dev.crr.engine.TableSpec;
import dev.crr.jpa.Findings.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.hibernate.metamodel.CollectionClassification;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.CollectionPart;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.metamodel.mapping.SelectableConsumer;
import org.hibernate.persister.entity.EntityPersister;

/** Gathers the tables of entities; classes of one hierarchy share tables, so they are merged by name. */
final class TableCollector {

    private final HibernateModel.Quotes quotes;

    /** Table by lower-case name. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Local columns by lower-case table name: an attribute may be seen before its table. */
    private final Map<String, Set<String>> localColumns = new LinkedHashMap<>();

    private final Findings findings;
    private final KnownValues knownValues;
    private final VersionCollector versions;

    private record Entry(String table, String entity) {}

    TableCollector(HibernateModel.Quotes quotes, Findings findings, KnownValues knownValues) {
        this.quotes = quotes;
        this.findings = findings;
        this.knownValues = knownValues;
        this.versions = new VersionCollector(quotes, findings);
    }

    List<TableSpec> tables() {
        List<TableSpec> tables = new ArrayList<>();
        entries.forEach((key, entry) -> tables.add(new TableSpec(
                entry.table, entry.entity, localColumns.getOrDefault(key, Set.of()), versions.of(entry.table))));
        return tables;
    }

    void add(EntityPersister entity) {
        for (String expression : HibernateModel.tables(entity)) {
            addTable(expression, entity);
        }
        versions.add(entity);
        entity.forEachAttributeMapping(attribute -> {
            if (!VersionCollector.isVersion(entity, attribute.getAttributeName())) {
                addAttribute(attribute, entity, false);
            }
        });
        if (entity.getSuperMappingType() == null) {
            knownValues.addDiscriminator(entity);
        }
    }

    private void addTable(String expression, EntityPersister entity) {
        if (expression.startsWith("(") || expression.regionMatches(true, 0, "select ", 0, 7)) {
            findings.add(
                    Kind.PROBLEM,
                    entity,
                    entity.getEntityName(),
                    null,
                    "The entity is mapped to a query, not to a table.",
                    "Remove @Crr from it, or map it to a table.");
            return;
        }
        String name = quotes.strip(expression);
        entries.putIfAbsent(key(name), new Entry(name, entity.getEntityName()));
    }

    private void addAttribute(AttributeMapping attribute, EntityPersister entity, boolean withinLocal) {
        boolean local = withinLocal || MappedMember.isAnnotated(attribute, LocalOnly.class);
        if (attribute.isPluralAttributeMapping()) {
            addCollection(attribute.asPluralAttributeMapping(), entity, local);
        } else if (attribute.isEmbeddedAttributeMapping()) {
            attribute
                    .asEmbeddedAttributeMapping()
                    .getEmbeddableTypeDescriptor()
                    .forEachAttributeMapping(part -> addAttribute(part, entity, local));
        } else {
            attribute.forEachSelectable(local ? keepLocal() : check(entity));
        }
    }

    private void addCollection(PluralAttributeMapping collection, EntityPersister entity, boolean local) {
        if (collection.getCollectionDescriptor().isInverse()) {
            return; // the other side owns the table or column
        }
        CollectionPart index = collection.getIndexDescriptor();
        if (!local && index != null && isList(collection)) {
            index.forEachSelectable((i, position) -> findings.add(
                    Kind.WARNING,
                    entity,
                    position,
                    "The list is kept by position, and what two instances put at one position overwrites each other.",
                    "Use a Set, a Map with keys of its own, or entities that have their place as an attribute."));
        }
        String table = collection.getSeparateCollectionTable();
        if (table == null) {
            if (local) { // a foreign key, and perhaps a position, in the elements' own table
                collection.getKeyDescriptor().getKeyPart().forEachSelectable(keepLocal());
                if (index != null) {
                    index.forEachSelectable(keepLocal());
                }
            }
        } else if (!local) {
            addTable(table, entity);
            versions.add(collection, table, entity);
            collection.getElementDescriptor().forEachSelectable(check(entity));
            if (index != null) {
                index.forEachSelectable(check(entity));
            }
        }
    }

    private static boolean isList(PluralAttributeMapping collection) {
        return collection.getCollectionDescriptor().getCollectionSemantics().getCollectionClassification()
                == CollectionClassification.LIST;
    }

    private SelectableConsumer check(EntityPersister entity) {
        ColumnCheck check = new ColumnCheck(entity, findings);
        return (index, column) -> {
            check.check(column);
            knownValues.addEnum(column);
        };
    }

    private SelectableConsumer keepLocal() {
        return (index, column) -> {
            if (!column.isFormula()) {
                localColumns
                        .computeIfAbsent(
                                key(quotes.strip(column.getContainingTableExpression())), table -> new TreeSet<>())
                        .add(quotes.strip(column.getSelectionExpression()));
            }
        };
    }

    private static String key(String table) {
        return table.toLowerCase(Locale.ROOT);
    }
}
