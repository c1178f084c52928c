package dev.crr.jpa;

import dev.crr.LocalOnly;
import dev.crr.jpa.Findings.Kind;
import jakarta.persistence.GeneratedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hibernate.generator.Generator;
import org.hibernate.id.IncrementGenerator;
import org.hibernate.id.OptimizableGenerator;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.CompositeIdentifierMapping;
import org.hibernate.metamodel.mapping.EntityIdentifierMapping;
import org.hibernate.metamodel.mapping.internal.SingleAttributeIdentifierMapping;
import org.hibernate.persister.entity.EntityPersister;

/** Refuses identifiers that two instances would both give out, and identifiers that were to stay local. */
final class IdentifierCheck {

    private static final Set<Class<?>> PRIMITIVES = Set.of(long.class, int.class, short.class, byte.class);

    private IdentifierCheck() {}

    static void check(EntityPersister entity, Findings findings) {
        if (entity.getSuperMappingType() != null && superclassReplicates(entity)) {
            return; // the root of the hierarchy was checked, and it has the identifier
        }
        EntityIdentifierMapping identifier = entity.getIdentifierMapping();
        List<String> columns = new ArrayList<>();
        identifier.forEachSelectable((index, column) -> columns.add(column.getSelectionExpression()));
        String table =
                HibernateModel.tables(entity).stream().findFirst().orElseGet(identifier::getContainingTableExpression);
        List<AttributeMapping> parts = attributes(identifier);
        if (isCounted(entity.getGenerator(), identifier.getJavaType().getJavaTypeClass())
                || (parts.size() > 1 && parts.stream().anyMatch(IdentifierCheck::isCountedPart))) {
            findings.add(
                    Kind.PROBLEM,
                    entity,
                    table,
                    columns.get(0),
                    "The identifier is a number counted up in this database, so two instances would give the same one to"
                            + " different rows.",
                    "Let the application make it: use a java.util.UUID with"
                            + " @GeneratedValue(strategy = GenerationType.UUID), or assign it yourself and remove"
                            + " @GeneratedValue.");
        }
        if (parts.stream().anyMatch(part -> MappedMember.isAnnotated(part, LocalOnly.class))) {
            findings.add(
                    Kind.PROBLEM,
                    entity,
                    table,
                    columns.get(0),
                    "The identifier is marked @LocalOnly, but without it no other instance could tell the row.",
                    "Remove @LocalOnly from it.");
        }
    }

    private static boolean superclassReplicates(EntityPersister entity) {
        return HibernateModel.isReplicated(entity.getSuperMappingType().getEntityPersister());
    }

    /** The identifier attribute, and the parts of a composite one. */
    private static List<AttributeMapping> attributes(EntityIdentifierMapping identifier) {
        List<AttributeMapping> attributes = new ArrayList<>();
        if (identifier instanceof SingleAttributeIdentifierMapping single) {
            attributes.add(single);
        }
        if (identifier instanceof CompositeIdentifierMapping composite) {
            composite.getPartMappingType().forEachAttributeMapping(part -> attributes.add(part));
        }
        return attributes;
    }

    private static boolean isCounted(Generator generator, Class<?> type) {
        return (generator.generatedOnExecution() && isNumber(type))
                || generator instanceof OptimizableGenerator
                || generator instanceof IncrementGenerator;
    }

    /** Within a composite identifier Hibernate hides the generators, so the annotation has to tell. */
    private static boolean isCountedPart(AttributeMapping part) {
        return isNumber(part.getJavaType().getJavaTypeClass()) && MappedMember.isAnnotated(part, GeneratedValue.class);
    }

    private static boolean isNumber(Class<?> type) {
        return PRIMITIVES.contains(type) || Number.class.isAssignableFrom(type);
    }
}
