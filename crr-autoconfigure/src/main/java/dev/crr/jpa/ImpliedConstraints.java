package dev.crr.jpa;

import dev.crr.Crr;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.mapping.Collection;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.ManyToOne;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Value;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Hibernate from creating UNIQUE constraints that nobody asked for, but that a one-to-one or one-to-many association
 * implies: two instances may each give another row the same partner, and a merge must not fail on that.
 */
final class ImpliedConstraints implements Integrator {

    private static final Logger log = LoggerFactory.getLogger(ImpliedConstraints.class);

    @Override
    public void integrate(Metadata metadata, BootstrapContext bootstrap, SessionFactoryImplementor sessionFactory) {
        for (PersistentClass entity : metadata.getEntityBindings()) {
            if (isReplicated(entity)) {
                for (PersistentClass declaring : withAbstractSuperclasses(entity)) {
                    declaring
                            .getProperties()
                            .forEach(property -> dropUnique(property.getValue(), entity, property.getName()));
                }
            }
        }
        for (Collection collection : metadata.getCollectionBindings()) {
            if (replicatesCollectionsOf(collection.getOwner())
                    && !collection.isInverse()
                    && !collection.isOneToMany()) {
                if (collection.getElement() instanceof ManyToOne toOne) {
                    dropUniqueColumns(toOne, collection.getOwner(), collection.getRole());
                } else {
                    dropUnique(collection.getElement(), collection.getOwner(), collection.getRole());
                }
            }
        }
    }

    /** A superclass that is no table of its own, and does not replicate by itself, lends its columns to those that do. */
    private static List<PersistentClass> withAbstractSuperclasses(PersistentClass entity) {
        List<PersistentClass> classes = new ArrayList<>(List.of(entity));
        for (@Nullable PersistentClass above = entity.getSuperclass();
                above != null && Boolean.TRUE.equals(above.isAbstract()) && !isReplicated(above);
                above = above.getSuperclass()) {
            classes.add(above);
        }
        return classes;
    }

    private static boolean replicatesCollectionsOf(PersistentClass owner) {
        return isReplicated(owner)
                || (Boolean.TRUE.equals(owner.isAbstract())
                        && owner.getSubclasses().stream().anyMatch(ImpliedConstraints::isReplicated));
    }

    private static boolean isReplicated(PersistentClass entity) {
        return entity.getMappedClass() != null && entity.getMappedClass().isAnnotationPresent(Crr.class);
    }

    /** Of a one-to-one association, also within embeddables. */
    private static void dropUnique(Value value, PersistentClass entity, String attribute) {
        if (value instanceof Component embedded) {
            embedded.getProperties()
                    .forEach(part -> dropUnique(part.getValue(), entity, attribute + "." + part.getName()));
        } else if (value instanceof ManyToOne toOne && toOne.isLogicalOneToOne()) {
            dropUniqueColumns(toOne, entity, attribute);
        }
    }

    private static void dropUniqueColumns(Value value, PersistentClass entity, String attribute) {
        for (Column column : value.getColumns()) {
            if (column.isUnique()) {
                column.setUnique(false);
                log.info(
                        "Column {}.{} ({} of {}) gets no UNIQUE constraint, which instances could break together while each"
                                + " keeps it.",
                        value.getTable().getName(),
                        column.getName(),
                        attribute,
                        entity.getEntityName());
            }
        }
    }
}
