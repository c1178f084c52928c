package dev.crr.jpa;

import dev.crr.Crr;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.mapping.Collection;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.ManyToOne;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.Value;
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
                for (Property property : entity.getProperties()) {
                    if (property.getValue() instanceof ManyToOne toOne && toOne.isLogicalOneToOne()) {
                        dropUnique(toOne, entity, property.getName());
                    }
                }
            }
        }
        for (Collection collection : metadata.getCollectionBindings()) {
            if (isReplicated(collection.getOwner()) && !collection.isInverse() && !collection.isOneToMany()) {
                dropUnique(collection.getElement(), collection.getOwner(), collection.getRole());
            }
        }
    }

    private static boolean isReplicated(PersistentClass entity) {
        return entity.getMappedClass() != null && entity.getMappedClass().isAnnotationPresent(Crr.class);
    }

    private static void dropUnique(Value value, PersistentClass entity, String attribute) {
        if (!(value instanceof ManyToOne)) {
            return;
        }
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
