package dev.crr.autoconfigure;

import dev.crr.actuate.SnapshotSource;
import dev.crr.autoconfigure.ConfiguredPeers.ConfiguredPeer;
import dev.crr.autoconfigure.CrrProperties.Sync;
import dev.crr.sync.PeerTokenSupplier;
import dev.crr.sync.SnapshotClient;
import dev.crr.sync.SyncSettings;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.RestClient;

/** Auto-configuration of snapshots: handing them out, and beginning from one. Both are off unless asked for. */
@AutoConfiguration(after = CrrAutoConfiguration.class, before = CrrEndpointAutoConfiguration.class)
@ConditionalOnBean(ConfiguredPeers.class)
public final class CrrSnapshotAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty("crr.snapshot.enabled")
    @ConditionalOnBean(CrrDatabase.class)
    static class HandingOut {

        @Bean
        @ConditionalOnMissingBean(SnapshotSource.class)
        DatabaseSnapshots crrSnapshotSource(CrrDatabase database, CrrProperties properties) {
            return new DatabaseSnapshots(database, properties.snapshot().localTables());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("crr.bootstrap.from")
    @ConditionalOnClass({
        ClientHttpRequestFactoryBuilder.class,
        DatabaseInitializationDependencyConfigurer.class,
        RestClient.class
    })
    @ConditionalOnBean(DataSource.class)
    @Import(DatabaseInitializationDependencyConfigurer.class)
    static class Beginning {

        @Bean
        Bootstrap crrBootstrap(
                CrrProperties properties,
                ConfiguredPeers peers,
                ObjectProvider<DataSource> dataSources,
                ApplicationContext context,
                ObjectProvider<SslBundles> sslBundles,
                ObjectProvider<PeerTokenSupplier> tokens) {
            String from = String.valueOf(properties.bootstrap().from());
            ConfiguredPeer peer = peers.peers().stream()
                    .filter(each -> each.name().equals(from))
                    .findFirst()
                    .orElseThrow(() -> invalid(from, "No peer in crr.peers has this name."));
            DataSource dataSource = dataSources.getIfUnique();
            if (dataSource == null) {
                throw invalid(
                        from, "There are several DataSources: mark with @Primary the one whose file is to begin.");
            }
            SqliteFile file = file(dataSource);
            if (file == null) {
                throw invalid(
                        from, "The DataSource must be a pool on a jdbc:sqlite: URL that names a file by its path.");
            }
            return new Bootstrap(
                    file,
                    from,
                    new SnapshotClient(
                            peer.peer(),
                            PeerHttp.builder(context, context.getEnvironment()),
                            sslBundles.getIfUnique(),
                            settings(properties),
                            tokens.getIfAvailable()));
        }

        private static SyncSettings settings(CrrProperties properties) {
            Sync sync = properties.sync();
            return new SyncSettings(
                    sync.interval(),
                    sync.connectTimeout(),
                    properties.bootstrap().timeout(),
                    sync.batchSize(),
                    sync.maxApplyTime(),
                    sync.maxBodySize().toBytes());
        }

        private static @Nullable SqliteFile file(DataSource dataSource) {
            String url = PooledUrl.of(dataSource);
            return url == null ? null : SqliteFile.of(url);
        }

        private static InvalidConfigurationPropertyValueException invalid(String value, String reason) {
            return new InvalidConfigurationPropertyValueException("crr.bootstrap.from", value, reason);
        }
    }
}
