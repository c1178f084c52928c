package dev.crr.security;

import static org.springframework.security.config.Customizer.withDefaults;

import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

@Configuration(proxyBeanMethods = false)
class OperatorsRecipe {

    @Bean
    @Order(1)
    SecurityFilterChain peersAndOperators(HttpSecurity http) {
        return http.securityMatcher(EndpointRequest.to("crr"))
                .authorizeHttpRequests(requests -> requests.requestMatchers("/actuator/crr/changes")
                        .hasRole("PEER")
                        .requestMatchers(HttpMethod.GET, "/actuator/crr")
                        .hasAnyRole("PEER", "OPERATOR")
                        .anyRequest()
                        .hasRole("OPERATOR"))
                .httpBasic(withDefaults())
                .csrf(CsrfConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(
                User.withUsername("beta").password("{noop}s3cret").roles("PEER").build(),
                User.withUsername("olga")
                        .password("{noop}s3cret")
                        .roles("OPERATOR")
                        .build());
    }
}
