package dev.crr.security;

import static org.springframework.security.config.Customizer.withDefaults;

import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

@Configuration(proxyBeanMethods = false)
class BearerRecipe {

    @Bean
    @Order(1)
    SecurityFilterChain peers(HttpSecurity http) {
        return http.securityMatcher(EndpointRequest.to("crr"))
                .authorizeHttpRequests(requests -> requests.anyRequest().hasAuthority("SCOPE_crr"))
                .oauth2ResourceServer(server -> server.jwt(withDefaults()))
                .csrf(CsrfConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }
}
