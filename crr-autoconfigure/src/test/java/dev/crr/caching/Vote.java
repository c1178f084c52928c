package dev.crr.caching;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A trigger of the application's counts votes in {@link Score}. */
@Crr
@Entity(name = "vote")
class Vote {
    @Id
    long id;

    String person = "";
}
