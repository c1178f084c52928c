package dev.crr.jpa;

import dev.crr.SqlNames;
import dev.crr.jpa.Findings.Kind;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.persister.entity.EntityPersister;

/**
 * Refuses tables that only a part of those who write to them wants to replicate. {@code @Crr} stands on a class, and a table
 * replicates with all of its rows: those of the other classes would be sent with them.
 */
final class SharedTableCheck {

    private final HibernateModel.Quotes quotes;
    private final Findings findings;

    /** By table, the entities without {@code @Crr} that write to it. */
    private final Map<String, Set<String>> entities = new TreeMap<>(SqlNames.ORDER);

    /** By table, the collections marked {@code @LocalOnly} that are in it. */
    private final Map<String, Set<String>> collections = new TreeMap<>(SqlNames.ORDER);

    SharedTableCheck(HibernateModel.Quotes quotes, Findings findings) {
        this.quotes = quotes;
        this.findings = findings;
    }

    /** Takes note of an entity that does not replicate. */
    void addLocal(EntityPersister entity) {
        if (entity.isAbstract()) {
            return; // rows are those of its subclasses
        }
        HibernateModel.tables(entity).forEach(table -> note(entities, table, entity.getEntityName()));
        entity.forEachAttributeMapping(attribute -> addCollections(attribute, entity.getEntityName()));
    }

    /** Takes note of a collection marked {@code @LocalOnly} of an entity that replicates. */
    void addLocalCollection(String table, String role) {
        note(collections, table, role);
    }

    /** Whether a table that replicates is anybody else's. */
    void check(String table, EntityPersister entity) {
        Set<String> others = entities.getOrDefault(table, Set.of());
        if (!others.isEmpty()) {
            findings.add(
                    Kind.PROBLEM,
                    entity,
                    table,
                    null,
                    "The table has rows of " + String.join(", ", others)
                            + " as well, without @Crr. A table replicates with"
                            + " all of its rows, so theirs would be sent, too.",
                    cure(entity, others));
        }
        for (String role : collections.getOrDefault(table, Set.of())) {
            findings.add(
                    Kind.PROBLEM,
                    entity,
                    table,
                    null,
                    "The collection " + role
                            + " is marked @LocalOnly, and its table replicates because of this entity.",
                    "Remove @LocalOnly from the collection if its rows may be sent. If not, give it a table of its own.");
        }
    }

    private static String cure(EntityPersister entity, Set<String> others) {
        EntityPersister root = entity.getRootEntityDescriptor().getEntityPersister();
        boolean hierarchy = root.getSubMappingTypes().stream().anyMatch(type -> others.contains(type.getEntityName()))
                || others.contains(root.getEntityName());
        return hierarchy && !HibernateModel.isReplicated(root)
                ? "Put @Crr on " + root.getEntityName()
                        + ", from which all of them inherit it, if all may be sent. If not, give the classes that replicate a"
                        + " hierarchy of their own, whose common attributes come from a @MappedSuperclass."
                : "Put @Crr on " + String.join(", ", others)
                        + ", too, if their rows may be sent. If not, map them to a table of their own.";
    }

    private void addCollections(AttributeMapping attribute, String entity) {
        if (attribute.isEmbeddedAttributeMapping()) {
            attribute
                    .asEmbeddedAttributeMapping()
                    .getEmbeddableTypeDescriptor()
                    .forEachAttributeMapping(part -> addCollections(part, entity));
        } else if (attribute.isPluralAttributeMapping()) {
            String table = HibernateModel.ownedTable(attribute.asPluralAttributeMapping());
            if (table != null) {
                note(entities, table, entity);
            }
        }
    }

    private void note(Map<String, Set<String>> notes, String table, String name) {
        notes.computeIfAbsent(quotes.strip(table), each -> new TreeSet<>()).add(name);
    }
}
