package dev.crr.jpa;

import dev.crr.LocalOnly;
import dev.crr.SqlNames;
import dev.crr.engine.TableSpec;
import dev.crr.jpa.Findings.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.hibernate.metamodel.CollectionClassification;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.CollectionPart;
import org.hibernate.metamodel.mapping.EmbeddableValuedModelPart;
import org.hibernate.metamodel.mapping.ModelPart;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.metamodel.mapping.SelectableConsumer;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.metamodel.mapping.internal.EntityCollectionPart;
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

    private final SharedTableCheck sharing;

    private record Entry(String table, EntityPersister entity) {}

    /**
     * Where the columns of an attribute are.
     *
     * @param entity the entity that has the attribute
     * @param tables the table by column, as SQL expressions
     */
    private record Columns(EntityPersister entity, Function<SelectableMapping, String> tables) {}

    TableCollector(HibernateModel.Quotes quotes, Findings findings, KnownValues knownValues) {
        this.quotes = quotes;
        this.findings = findings;
        this.knownValues = knownValues;
        this.versions = new VersionCollector(quotes, findings);
        this.sharing = new SharedTableCheck(quotes, findings);
    }

    List<TableSpec> tables() {
        List<TableSpec> tables = new ArrayList<>();
        entries.forEach((key, entry) -> tables.add(new TableSpec(
                entry.table,
                entry.entity.getEntityName(),
                localColumns.getOrDefault(key, Set.of()),
                versions.of(entry.table))));
        return tables;
    }

    void add(EntityPersister entity) {
        for (String expression : HibernateModel.tables(entity)) {
            addTable(expression, entity);
        }
        versions.add(entity);
        addIdentifier(entity);
        Columns columns = new Columns(entity, column -> HibernateModel.table(entity, column));
        entity.forEachAttributeMapping(attribute -> {
            if (!VersionCollector.isVersion(entity, attribute.getAttributeName())) {
                addAttribute(attribute, columns, false);
            }
        });
        knownValues.addDiscriminator(entity.getRootEntityDescriptor().getEntityPersister());
    }

    /** An entity that does not replicate. */
    void addLocal(EntityPersister entity) {
        sharing.addLocal(entity);
    }

    /** To be called once all entities are there. */
    void checkSharing() {
        entries.values().forEach(entry -> sharing.check(entry.table(), entry.entity()));
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
        entries.putIfAbsent(SqlNames.fold(name), new Entry(name, entity));
    }

    private void addIdentifier(EntityPersister entity) {
        HibernateModel.keys(entity)
                .forEach((table, columns) -> entity.getIdentifierMapping()
                        .forEachSelectable(
                                (i, column) -> knownValues.addEnum(table, columns.get(i), column.getJdbcMapping())));
        HibernateModel.tables(entity).stream()
                .findFirst()
                .ifPresent(table -> entity.getIdentifierMapping()
                        .forEachSelectable((i, column) -> new ColumnCheck(entity, findings).check(table, column)));
    }

    private void addAttribute(AttributeMapping attribute, Columns columns, boolean withinLocal) {
        boolean local = withinLocal || MappedMember.isAnnotated(attribute, LocalOnly.class);
        if (attribute.isPluralAttributeMapping()) {
            addCollection(attribute.asPluralAttributeMapping(), columns.entity(), local);
        } else {
            addValue(attribute, columns, local);
        }
    }

    /** An attribute, or the elements or keys of a collection. */
    private void addValue(ModelPart value, Columns columns, boolean local) {
        if (value instanceof EmbeddableValuedModelPart embedded) {
            embedded.getEmbeddableTypeDescriptor().forEachAttributeMapping(part -> addAttribute(part, columns, local));
        } else {
            value.forEachSelectable((i, column) -> addColumn(column, columns, local));
        }
    }

    private void addColumn(SelectableMapping column, Columns columns, boolean local) {
        if (column.isFormula()) {
            return;
        }
        String table = columns.tables().apply(column);
        if (local) {
            keepLocal(table, column);
        } else {
            new ColumnCheck(columns.entity(), findings).check(table, column);
            knownValues.addEnum(table, column.getSelectionExpression(), column.getJdbcMapping());
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
                    position.getContainingTableExpression(),
                    position.getSelectionExpression(),
                    "The list is kept by position, and what two instances put at one position overwrites each other.",
                    "Use a Set, a Map with keys of its own, or entities that have their place as an attribute."));
        }
        String table = collection.getSeparateCollectionTable();
        if (table == null) {
            if (local) { // a foreign key, and perhaps a position, in the elements' own table
                SelectableConsumer inElements =
                        (i, column) -> tablesOfElements(collection, column).forEach(each -> keepLocal(each, column));
                collection.getKeyDescriptor().getKeyPart().forEachSelectable(inElements);
                if (index != null) {
                    index.forEachSelectable(inElements);
                }
            }
        } else if (local) {
            sharing.addLocalCollection(table, collection.getNavigableRole().getFullPath());
        } else {
            addTable(table, entity);
            versions.add(collection, table, entity);
            Columns columns = new Columns(entity, column -> table);
            addValue(collection.getElementDescriptor(), columns, false);
            if (index != null) {
                addValue(index, columns, false);
            }
        }
    }

    private static Set<String> tablesOfElements(PluralAttributeMapping collection, SelectableMapping column) {
        return collection.getElementDescriptor() instanceof EntityCollectionPart element
                ? HibernateModel.tablesOfHierarchy(element.getAssociatedEntityMappingType(), column)
                : Set.of(column.getContainingTableExpression());
    }

    private static boolean isList(PluralAttributeMapping collection) {
        return collection.getCollectionDescriptor().getCollectionSemantics().getCollectionClassification()
                == CollectionClassification.LIST;
    }

    private void keepLocal(String table, SelectableMapping column) {
        if (!column.isFormula()) {
            localColumns
                    .computeIfAbsent(SqlNames.fold(quotes.strip(table)), name -> new TreeSet<>(SqlNames.ORDER))
                    .add(quotes.strip(column.getSelectionExpression()));
        }
    }
}
