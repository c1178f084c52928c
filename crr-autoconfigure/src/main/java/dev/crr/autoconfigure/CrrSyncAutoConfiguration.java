package dev.crr.autoconfigure;

import dev.crr.ChangesetService;
import dev.crr.actuate.Alarms;
import dev.crr.actuate.DatabaseCheck;
import dev.crr.actuate.Served;
import dev.crr.autoconfigure.CrrProperties.Sync;
import dev.crr.engine.CrrEngine;
import dev.crr.sync.CloneWatch;
import dev.crr.sync.CommitWatch;
import dev.crr.sync.CursorStore;
import dev.crr.sync.ExchangeObserver;
import dev.crr.sync.PeerTokenSupplier;
import dev.crr.sync.ReplicaIdentity;
import dev.crr.sync.SyncLoop;
import dev.crr.sync.SyncSettings;
import dev.crr.wire.ChangesetCodec;
import dev.crr.wire.WireFormat;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

/** Auto-configuration of the exchange of changes with {@code crr.peers}. */
@AutoConfiguration(after = CrrAutoConfiguration.class)
@ConditionalOnClass({ClientHttpRequestFactoryBuilder.class, JsonMapper.class, RestClient.class})
@ConditionalOnBean({ChangesetService.class, ConfiguredPeers.class, CursorStore.class, ReplicaIdentity.class})
public final class CrrSyncAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ChangesetCodec crrChangesetCodec(CrrProperties properties) {
        boolean cbor = ClassUtils.isPresent(
                "tools.jackson.dataformat.cbor.CBORFactory", ChangesetCodec.class.getClassLoader());
        return new ChangesetCodec(
                properties.sync().maxChanges(), cbor ? EnumSet.allOf(WireFormat.class) : EnumSet.of(WireFormat.JSON));
    }

    @Bean
    @ConditionalOnMissingBean
    CloneWatch crrCloneWatch(ReplicaIdentity identity) {
        return new CloneWatch(identity);
    }

    @Bean
    @ConditionalOnMissingBean
    SyncLoop crrSyncLoop(
            ConfiguredPeers peers,
            ChangesetService service,
            CursorStore cursors,
            CloneWatch clones,
            ChangesetCodec codec,
            ApplicationContext context,
            ObjectProvider<SslBundles> sslBundles,
            ObjectProvider<PeerTokenSupplier> tokens,
            CrrProperties properties,
            ApplicationEventPublisher events,
            ObjectProvider<CommitWatch> commits,
            ObjectProvider<ExchangeObserver> observer) {
        return new SyncLoop(
                peers.peers().stream().map(ConfiguredPeers.ConfiguredPeer::peer).toList(),
                service,
                cursors,
                clones,
                codec,
                PeerHttp.builder(context, context.getEnvironment()),
                sslBundles.getIfUnique(),
                settings(properties.sync()),
                events,
                commits.getIfAvailable(() -> CommitWatch.BLIND),
                tokens.getIfAvailable(),
                observer.getIfAvailable(() -> ExchangeObserver.NONE));
    }

    /** Beans of actuator, apart because it need not be there. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SanitizingFunction.class)
    static class Secrets {

        /** Keeps credentials of peers out of env and configprops, even where all other values are shown. */
        @Bean
        SanitizingFunction crrPeerCredentials() {
            return SanitizingFunction.sanitizeValue().ifKeyMatches("(?i)crr[._]peers.*(password|bearer-?_?token)");
        }
    }

    @Bean
    @ConditionalOnMissingBean
    Served crrServed(ObjectProvider<ExchangeObserver> observer, SyncLoop loop) {
        return new Served(observer.getIfAvailable(() -> ExchangeObserver.NONE), loop::peers);
    }

    @Bean
    @ConditionalOnMissingBean
    Alarms crrAlarms(
            ChangesetService service,
            SyncLoop loop,
            Served served,
            ReplicaIdentity identity,
            ObjectProvider<DatabaseCheck> check,
            CrrProperties properties) {
        return new Alarms(
                service,
                loop,
                served,
                identity,
                check.getIfAvailable(() -> List::of),
                properties.health().stuckAfter(),
                Clock.systemUTC());
    }

    @Bean
    @ConditionalOnBean(CrrDatabase.class)
    @ConditionalOnMissingBean
    DatabaseCheck crrDatabaseCheck(CrrEngine engine, CrrDatabase database, CrrProperties properties) {
        return new SqliteCheck(engine, database, properties.health().minFreeSpace());
    }

    @Bean
    ServletCheck crrServletCheck(ConfiguredPeers peers, ApplicationContext context) {
        return new ServletCheck(!peers.peers().isEmpty(), context);
    }

    /** Nothing asks for the loop, so a lazy context would never start it. */
    @Bean
    static LazyInitializationExcludeFilter crrEagerSyncLoop() {
        return LazyInitializationExcludeFilter.forBeanTypes(SyncLoop.class);
    }

    private static SyncSettings settings(Sync sync) {
        return new SyncSettings(
                sync.interval(),
                sync.connectTimeout(),
                sync.readTimeout(),
                sync.batchSize(),
                sync.maxApplyTime(),
                sync.maxBodySize().toBytes(),
                sync.live(),
                sync.maxBackoff());
    }
}
