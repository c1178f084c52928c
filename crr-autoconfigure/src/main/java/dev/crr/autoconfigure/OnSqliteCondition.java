package dev.crr.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Backs off where the configured URL is another database's. A DataSource bean of the user's own is asked later, when it exists. */
final class OnSqliteCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("SQLite");
        Environment environment = context.getEnvironment();
        for (String property : new String[] {"spring.datasource.hikari.jdbc-url", "spring.datasource.url"}) {
            String url = environment.getProperty(property);
            if (url != null) {
                return SqliteDatabase.isSqliteUrl(url)
                        ? ConditionOutcome.match(message.foundExactly(property))
                        : ConditionOutcome.noMatch(message.because(property + " is the URL of another database"));
            }
        }
        return ConditionOutcome.match(message.because("no URL is configured"));
    }
}
