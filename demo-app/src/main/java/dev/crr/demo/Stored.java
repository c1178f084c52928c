package dev.crr.demo;

import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Transient;
import org.springframework.data.domain.Persistable;

/**
 * An entity that knows whether it is in the database. Its key is set from the beginning, so Spring Data could not tell and
 * would look it up before every insert.
 *
 * @param <K> the type of the key
 */
@MappedSuperclass
abstract class Stored<K> implements Persistable<K> {

    @Transient
    private boolean stored;

    @Override
    public boolean isNew() {
        return !stored;
    }

    @PostLoad
    @PostPersist
    void markStored() {
        stored = true;
    }
}
