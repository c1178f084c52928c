package dev.crr.demo.security;

import static org.springframework.security.config.Customizer.withDefaults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.logout.HttpStatusReturningLogoutSuccessHandler;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** People log in to the page, or to the API with HTTP basic. Peers have accounts of their own, good for the exchange only. */
@Configuration(proxyBeanMethods = false)
@Profile("secure")
@EnableConfigurationProperties(Accounts.class)
class SecureAccess {

    private static final String USER = "USER";
    private static final String PEER = "PEER";

    /** Peers are programs: no session, no cookie, and so no forged requests to fear. */
    @Bean
    @Order(1)
    SecurityFilterChain peers(HttpSecurity http) {
        return http.securityMatcher(EndpointRequest.to("crr"))
                .authorizeHttpRequests(requests -> requests.anyRequest().hasRole(PEER))
                .httpBasic(withDefaults())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(csrf -> csrf.disable())
                .build();
    }

    /**
     * The page sends back the token of a cookie, which no other site can read. A request with credentials of its own needs none; the
     * API never asks for them, so that no browser keeps them and adds them unasked.
     */
    @Bean
    @Order(2)
    SecurityFilterChain people(HttpSecurity http) {
        HttpStatusEntryPoint unauthorized = new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED);
        return http.authorizeHttpRequests(requests -> requests.requestMatchers(EndpointRequest.to("health"))
                        .permitAll()
                        .anyRequest()
                        .hasRole(USER))
                .formLogin(withDefaults())
                .logout(logout ->
                        logout.logoutSuccessHandler(new HttpStatusReturningLogoutSuccessHandler(HttpStatus.NO_CONTENT)))
                .httpBasic(basic -> basic.authenticationEntryPoint(unauthorized))
                .exceptionHandling(exceptions -> exceptions.defaultAuthenticationEntryPointFor(
                        unauthorized, PathPatternRequestMatcher.pathPattern("/api/**")))
                .csrf(csrf -> csrf.spa()
                        .ignoringRequestMatchers(request -> request.getHeader(HttpHeaders.AUTHORIZATION) != null))
                .build();
    }

    @Bean
    UserDetailsService accounts(Accounts accounts) {
        PasswordEncoder encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();
        List<UserDetails> all = new ArrayList<>();
        add(all, accounts.users(), USER, encoder);
        add(all, accounts.peers(), PEER, encoder);
        return new InMemoryUserDetailsManager(all);
    }

    private static void add(
            List<UserDetails> all, Map<String, String> passwords, String role, PasswordEncoder encoder) {
        passwords.forEach((name, password) -> all.add(User.withUsername(name)
                .password(encoder.encode(password))
                .roles(role)
                .build()));
    }
}
