package dev.crr.jpa;

import dev.crr.LocalOnly;
import dev.crr.engine.TableProblem;
import dev.crr.engine.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.metamodel.mapping.SelectableConsumer;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/** Gathers the tables of entities; classes of one hierarchy share tables, so they are merged by name. */
final class TableCollector {

    private final HibernateModel.Quotes quotes;

    /** Table by lower-case name. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Local columns by lower-case table name: an attribute may be seen before its table. */
    private final Map<String, Set<String>> localColumns = new LinkedHashMap<>();

    private final Set<TableProblem> problems = new LinkedHashSet<>();

    private record Entry(String table, String entity) {}

    TableCollector(HibernateModel.Quotes quotes) {
        this.quotes = quotes;
    }

    List<TableSpec> tables() {
        List<TableSpec> tables = new ArrayList<>();
        entries.forEach((key, entry) ->
                tables.add(new TableSpec(entry.table, entry.entity, localColumns.getOrDefault(key, Set.of()))));
        return tables;
    }

    List<TableProblem> problems() {
        return List.copyOf(problems);
    }

    void add(EntityPersister entity) {
        for (String expression : HibernateModel.tables(entity)) {
            addTable(expression, entity);
        }
        entity.forEachAttributeMapping(attribute -> addAttribute(attribute, entity, false));
    }

    void addProblem(EntityPersister entity, String table, @Nullable String column, String description, String cure) {
        problems.add(new TableProblem(
                quotes.strip(table),
                entity.getEntityName(),
                column == null ? null : quotes.strip(column),
                description,
                cure));
    }

    private void addTable(String expression, EntityPersister entity) {
        if (expression.startsWith("(") || expression.regionMatches(true, 0, "select ", 0, 7)) {
            addProblem(
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
        } else if (local) {
            attribute.forEachSelectable(keepLocal());
        }
    }

    private void addCollection(PluralAttributeMapping collection, EntityPersister entity, boolean local) {
        if (collection.getCollectionDescriptor().isInverse()) {
            return; // the other side owns the table or column
        }
        String table = collection.getSeparateCollectionTable();
        if (table == null) {
            if (local) { // a foreign key, and perhaps a position, in the elements' own table
                collection.getKeyDescriptor().getKeyPart().forEachSelectable(keepLocal());
                if (collection.getIndexDescriptor() != null) {
                    collection.getIndexDescriptor().forEachSelectable(keepLocal());
                }
            }
        } else if (!local) {
            addTable(table, entity);
        }
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
