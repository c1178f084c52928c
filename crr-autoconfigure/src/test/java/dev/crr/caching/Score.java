package dev.crr.caching;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

/** Local. */
@Entity(name = "score")
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
class Score {
    @Id
    long id;

    long votes;
}
