package dev.crr.autoconfigure;

import jakarta.persistence.EntityManagerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Backs off where the only database is another. Of several, the one that {@code spring.datasource.url} names may be the other. */
final class OnReplicatedUnitCondition extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        if (beans != null && beans.getBeanNamesForType(EntityManagerFactory.class, true, false).length > 1) {
            return ConditionOutcome.match(ConditionMessage.forCondition("Replicated persistence unit")
                    .because("there are several, and their entities decide"));
        }
        return new OnSqliteCondition().getMatchOutcome(context, metadata);
    }
}
