package dev.crr.caching;

import dev.crr.Crr;
import jakarta.persistence.Cacheable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

/** Its version is cached with it, and counts what is merged into its collection, which is not cached. */
@Crr
@Entity(name = "crate")
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
class Crate {
    @Id
    UUID id = UUID.randomUUID();

    @Version
    long version;

    String label = "";

    @ElementCollection
    @Column(nullable = false)
    Set<String> stickers = new HashSet<>();
}
