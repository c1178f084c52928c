package dev.crr.caching;

import dev.crr.Crr;
import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

@Crr
@Entity(name = "track")
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.NONSTRICT_READ_WRITE)
class Track {
    @Id
    String id = "";

    String title = "";

    @ManyToOne(fetch = FetchType.LAZY)
    Album album;
}
