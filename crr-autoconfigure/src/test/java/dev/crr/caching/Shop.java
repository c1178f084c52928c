package dev.crr.caching;

import dev.crr.Crr;
import jakarta.persistence.Cacheable;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToOne;
import jakarta.persistence.Version;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.NaturalIdCache;

/** Entities whose caches hold something of the rows of other tables, or are found by something else than the identifier. */
final class Shop {

    static final Class<?>[] ALL = {
        Label.class, PriceLabel.class, Sticker.class, Stage.class, Singer.class, Instrument.class, Piano.class
    };

    private Shop() {}

    /** Its entity cache is off, its cache of natural identifiers on. */
    @Crr
    @Entity(name = "label")
    @Inheritance(strategy = InheritanceType.JOINED)
    @NaturalIdCache
    static class Label {
        @Id
        String id;

        @NaturalId(mutable = true)
        String code;
    }

    @Entity(name = "price_label")
    static class PriceLabel extends Label {
        int price;
    }

    /** Refers to something else than an identifier, and its cache holds the identifier that this led to. */
    @Crr
    @Entity(name = "sticker")
    @Cacheable
    @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
    static class Sticker {
        @Id
        String id;

        @ManyToOne
        @JoinColumn(name = "label_code", referencedColumnName = "code")
        Label label;
    }

    @Crr
    @Entity(name = "stage")
    @Cacheable
    @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
    static class Stage {
        @Id
        String id;

        String name = "";

        @Embedded
        Cast cast = new Cast();
    }

    @Embeddable
    static class Cast {
        String director = "somebody";

        @OneToOne(mappedBy = "stage")
        Singer singer;
    }

    @Crr
    @Entity(name = "singer")
    static class Singer {
        @Id
        String id;

        @OneToOne
        Stage stage;
    }

    @Crr
    @Entity(name = "instrument")
    @Inheritance(strategy = InheritanceType.JOINED)
    static class Instrument {
        @Id
        String id;

        @Version
        long version;
    }

    @Entity(name = "piano")
    static class Piano extends Instrument {
        int keys;
    }
}
