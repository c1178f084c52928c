package dev.crr.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.WebApplicationContext;

/** Warns where peers cannot call, because the handlers of the exchange need Spring MVC, in a servlet container. */
final class ServletCheck implements ApplicationListener<ContextRefreshedEvent> {

    private static final Logger log = LoggerFactory.getLogger(ServletCheck.class);

    private static final String SPRING_MVC = "org.springframework.web.servlet.DispatcherServlet";

    private final boolean hasPeers;
    private final ApplicationContext own;

    ServletCheck(boolean hasPeers, ApplicationContext context) {
        this.hasPeers = hasPeers;
        this.own = context;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() == own && (hasPeers || own.containsBean("crrEndpoint")) && lacksSpringMvc()) {
            log.warn(
                    "Peers cannot exchange changes by calling this application: that needs Spring MVC in a servlet container,"
                            + " and this is a web application with {}. /actuator/crr shows the state only. What still works: this"
                            + " application exchanges changes with its own crr.peers, in both directions. To be called, use"
                            + " spring-boot-starter-webmvc.",
                    isReactive() ? "WebFlux" : "another web framework, such as Jersey");
        }
    }

    private boolean lacksSpringMvc() {
        return isReactive()
                || (own instanceof WebApplicationContext && !ClassUtils.isPresent(SPRING_MVC, own.getClassLoader()));
    }

    private boolean isReactive() {
        return own instanceof ReactiveWebApplicationContext;
    }
}
