package dev.crr.autoconfigure;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** Sees through what applications and libraries put around a DataSource. */
final class WrappedDataSource {

    private WrappedDataSource() {}

    /** Past a proxy that would hand out the caller's connection, wherever among others it is. */
    static DataSource target(DataSource dataSource) {
        DataSource target = dataSource;
        for (DataSource each : layers(dataSource)) {
            if (each instanceof TransactionAwareDataSourceProxy proxy) {
                target = Objects.requireNonNull(proxy.getTargetDataSource());
            }
        }
        return target;
    }

    /** The one that chooses between several; null if there is none to be seen. */
    static @Nullable AbstractRoutingDataSource router(DataSource dataSource) {
        for (DataSource each : layers(dataSource)) {
            if (each instanceof AbstractRoutingDataSource router) {
                return router;
            }
        }
        return null;
    }

    /** Unless it is, past everything around it, one pool on one URL. */
    static boolean mayLeadElsewhere(DataSource dataSource) {
        return router(dataSource) != null || PooledUrl.of(dataSource) == null;
    }

    /** From the outermost to the one in which nothing more can be seen. */
    private static List<DataSource> layers(DataSource dataSource) {
        List<DataSource> layers = new ArrayList<>();
        for (DataSource next = dataSource; next != null && !layers.contains(next); next = inside(next)) {
            layers.add(next);
        }
        return layers;
    }

    private static @Nullable DataSource inside(DataSource dataSource) {
        if (dataSource instanceof AbstractRoutingDataSource) {
            return null;
        }
        if (dataSource instanceof DelegatingDataSource delegating) {
            return delegating.getTargetDataSource();
        }
        if (AopProxyUtils.getSingletonTarget(dataSource) instanceof DataSource proxied) {
            return proxied;
        }
        DataSource pooled = PooledUrl.pooled(dataSource);
        return pooled != null ? pooled : routerBehind(dataSource);
    }

    private static @Nullable DataSource routerBehind(DataSource dataSource) {
        try {
            return dataSource.isWrapperFor(AbstractRoutingDataSource.class)
                    ? dataSource.unwrap(AbstractRoutingDataSource.class)
                    : null;
        } catch (SQLException | UnsupportedOperationException ex) {
            return null; // It does not tell.
        }
    }
}
