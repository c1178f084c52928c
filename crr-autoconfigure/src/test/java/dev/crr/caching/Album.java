package dev.crr.caching;

import dev.crr.Crr;
import jakarta.persistence.Cacheable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

/** Without a version, so that a cache cannot tell which of two states is the later one. */
@Crr
@Entity(name = "album")
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
class Album {
    @Id
    UUID id = UUID.randomUUID();

    String title = "";

    @ElementCollection
    @Column(nullable = false)
    @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
    Set<String> tags = new HashSet<>();

    @OneToMany(mappedBy = "album")
    @OrderBy("title")
    @Cache(usage = CacheConcurrencyStrategy.NONSTRICT_READ_WRITE)
    List<Track> tracks = new ArrayList<>();
}
