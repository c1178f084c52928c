package dev.crr.security;

import dev.crr.Change;
import dev.crr.ChangePolicy;
import dev.crr.PeerIdentity;
import dev.crr.TableAccess;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PolicyRecipe {

    @Bean
    ChangePolicy policy() {
        return new ChangePolicy() {

            @Override
            public TableAccess reading(PeerIdentity peer, String table) {
                return table.equals("person") && !isOffice(peer) ? TableAccess.NONE : TableAccess.ALL;
            }

            @Override
            public TableAccess writing(PeerIdentity peer, String table) {
                return isOffice(peer) ? TableAccess.ALL : TableAccess.only(change -> wroteItself(peer, change));
            }

            private boolean wroteItself(PeerIdentity peer, Change change) {
                return change.siteId().equals(peer.siteId());
            }

            private boolean isOffice(PeerIdentity peer) {
                return "office".equals(peer.name()) || "office".equals(peer.principalName());
            }
        };
    }
}
