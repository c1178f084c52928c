package dev.crr.demo.security;

import jakarta.validation.constraints.NotEmpty;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Who may log in.
 *
 * @param users the people, name to password
 * @param peers the other instances, name to password
 */
@Validated
@ConfigurationProperties("demo.accounts")
record Accounts(
        @NotEmpty Map<String, String> users, @NotEmpty Map<String, String> peers) {

    /** Without the passwords. */
    @Override
    public String toString() {
        return "Accounts[users=" + users.keySet() + ", peers=" + peers.keySet() + "]";
    }
}
