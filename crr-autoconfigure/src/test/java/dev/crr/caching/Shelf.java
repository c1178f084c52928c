package dev.crr.caching;

import dev.crr.Crr;
import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Version;
import java.io.Serializable;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

/** With a key from which no identifier is made. */
@Crr
@Entity(name = "shelf")
@IdClass(Shelf.Place.class)
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
class Shelf {

    record Place(int room, int wall) implements Serializable {}

    @Id
    int room;

    @Id
    int wall;

    @Version
    int version;

    String label = "";
}
