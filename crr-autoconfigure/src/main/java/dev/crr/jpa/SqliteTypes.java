package dev.crr.jpa;

import org.hibernate.boot.model.TypeContributions;
import org.hibernate.boot.model.TypeContributor;
import org.hibernate.dialect.Dialect;
import org.hibernate.engine.jdbc.spi.JdbcServices;
import org.hibernate.service.ServiceRegistry;
import org.hibernate.type.descriptor.ValueBinder;
import org.hibernate.type.descriptor.ValueExtractor;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.descriptor.jdbc.BlobJdbcType;
import org.hibernate.type.descriptor.jdbc.DateJdbcType;
import org.hibernate.type.descriptor.jdbc.TimeJdbcType;
import org.hibernate.type.descriptor.jdbc.TimestampJdbcType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes up for what the SQLite driver does not do well: it knows no {@code java.sql.Blob}, so {@code @Lob byte[]} is read as plain
 * bytes; and it takes dates and times over the time zone of the JVM. Hibernate finds this as a service. Does nothing on other
 * databases.
 */
public final class SqliteTypes implements TypeContributor {

    private static final Logger log = LoggerFactory.getLogger(SqliteTypes.class);

    @Override
    public void contribute(TypeContributions types, ServiceRegistry services) {
        Dialect dialect = services.requireService(JdbcServices.class).getDialect();
        if (dialect.getClass().getSimpleName().contains("SQLite")) {
            types.contributeJdbcType(BlobJdbcType.MATERIALIZED);
            types.contributeJdbcType(new Dates());
            types.contributeJdbcType(new Times());
            types.contributeJdbcType(new Timestamps());
            log.info(
                    "On SQLite, dates and times are kept as text that means the same in every time zone, and @Lob byte[] as"
                            + " plain bytes: the driver's own ways depend on the JVM's zone, and know no Blob.");
        }
    }

    private static <X> ValueBinder<X> binder(JavaType<X> type, int jdbcType, ValueBinder<X> driver) {
        WallClock<X> clock = WallClock.of(type, jdbcType);
        return clock == null ? driver : new WallClockBinder<>(clock, driver);
    }

    private static <X> ValueExtractor<X> extractor(JavaType<X> type, int jdbcType, ValueExtractor<X> driver) {
        WallClock<X> clock = WallClock.of(type, jdbcType);
        return clock == null ? driver : new WallClockExtractor<>(clock, driver);
    }

    private static final class Dates extends DateJdbcType {

        private static final long serialVersionUID = 1L;

        @Override
        public <X> ValueBinder<X> getBinder(JavaType<X> type) {
            return binder(type, getJdbcTypeCode(), super.getBinder(type));
        }

        @Override
        public <X> ValueExtractor<X> getExtractor(JavaType<X> type) {
            return extractor(type, getJdbcTypeCode(), super.getExtractor(type));
        }
    }

    private static final class Times extends TimeJdbcType {

        private static final long serialVersionUID = 1L;

        @Override
        public <X> ValueBinder<X> getBinder(JavaType<X> type) {
            return binder(type, getJdbcTypeCode(), super.getBinder(type));
        }

        @Override
        public <X> ValueExtractor<X> getExtractor(JavaType<X> type) {
            return extractor(type, getJdbcTypeCode(), super.getExtractor(type));
        }
    }

    private static final class Timestamps extends TimestampJdbcType {

        private static final long serialVersionUID = 1L;

        @Override
        public <X> ValueBinder<X> getBinder(JavaType<X> type) {
            return binder(type, getJdbcTypeCode(), super.getBinder(type));
        }

        @Override
        public <X> ValueExtractor<X> getExtractor(JavaType<X> type) {
            return extractor(type, getJdbcTypeCode(), super.getExtractor(type));
        }
    }
}
