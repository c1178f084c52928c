package dev.crr.actuate;

import dev.crr.ChangesetService;
import dev.crr.sync.CloneWatch;
import dev.crr.sync.CommitWatch;
import dev.crr.sync.CursorStore;
import dev.crr.sync.SyncLoop;
import dev.crr.wire.ChangesetCodec;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Maps {@code GET} and {@code POST} of {@code changes} below the {@link CrrEndpoint}, {@code GET} of {@code snapshot}, and the
 * {@code GET} with which a peer asks for the status, the way Spring Boot maps the operations of endpoints. They are no operations
 * themselves because those can neither take nested JSON nor stream, and return what an application may wrap.
 */
public final class ChangesHandlerMapping extends RequestMappingInfoHandlerMapping implements SmartLifecycle {

    /** Just before Spring Boot's own mapping of endpoints, which would take {@code changes} for a selector. */
    private static final int ORDER = -101;

    /** Long enough for gigabytes over a poor line. */
    private static final Duration SNAPSHOT_TIMEOUT = Duration.ofHours(2);

    private final String path;
    private final Access access;
    private final @Nullable CorsConfiguration cors;
    private final HeldRequests held;
    private final ChangesHandler handler;
    private final @Nullable SnapshotHandler snapshots;
    private @Nullable StatusHandler status;

    /**
     * @param endpointPath the path of the endpoint
     * @param access what is permitted: {@code GET} if reading is, {@code POST} if everything is
     * @param cors which browser origins may call; null for none
     * @param service this database
     * @param cursors how far peers have come
     * @param clones finds out about copies
     * @param codec the format
     * @param limits how much at once
     * @param loop who is paused
     * @param commits tells when requests that wait may be answered
     * @param served keeps account of it
     * @param snapshots what to take snapshots from; null if there are to be none
     */
    public ChangesHandlerMapping(
            String endpointPath,
            Access access,
            @Nullable CorsConfiguration cors,
            ChangesetService service,
            CursorStore cursors,
            CloneWatch clones,
            ChangesetCodec codec,
            ChangesLimits limits,
            SyncLoop loop,
            CommitWatch commits,
            Served served,
            @Nullable SnapshotSource snapshots) {
        this.path = endpointPath;
        this.access = access;
        this.cors = cors;
        this.held = new HeldRequests(service, commits, loop.listeners(), limits.maxHeld());
        this.handler = new ChangesHandler(service, cursors, clones, codec, limits, loop, held, served);
        this.snapshots = snapshots == null ? null : new SnapshotHandler(snapshots, service, SNAPSHOT_TIMEOUT);
        setOrder(ORDER);
    }

    /**
     * Answers peers that ask for the status, in place of Spring Boot's mapping.
     *
     * @param endpoint knows the status
     */
    public void answerPeersWith(CrrEndpointWebExtension endpoint) {
        status = new StatusHandler(endpoint);
    }

    @Override
    protected void initHandlerMethods() {
        if (access != Access.NONE) {
            if (status != null) {
                register(RequestMethod.GET, "", status, "read", "peer");
            }
            register(RequestMethod.GET, "/changes", handler, "read");
            if (snapshots != null) {
                register(RequestMethod.GET, "/snapshot", snapshots, "read");
            }
        }
        if (access == Access.UNRESTRICTED) {
            register(RequestMethod.POST, "/changes", handler, "receive");
        }
    }

    @Override
    public void start() {
        held.open();
    }

    /** Before the web server stops, which would wait for the requests that wait here. */
    @Override
    public void stop() {
        held.close();
    }

    @Override
    public boolean isRunning() {
        return held.isOpen();
    }

    /** All else at the endpoint's own path is Spring Boot's. */
    @Override
    protected @Nullable HandlerMethod handleNoMatch(
            Set<RequestMappingInfo> mappings, String lookupPath, HttpServletRequest request) throws ServletException {
        return lookupPath.equals(path) ? null : super.handleNoMatch(mappings, lookupPath, request);
    }

    private void register(
            RequestMethod httpMethod, String below, Object target, String name, String... requiredParameters) {
        Method method = ReflectionUtils.findMethod(
                target.getClass(), name, HttpServletRequest.class, HttpServletResponse.class);
        if (method == null) {
            throw new IllegalStateException("there is no method " + name);
        }
        RequestMappingInfo.BuilderConfiguration options = new RequestMappingInfo.BuilderConfiguration();
        options.setPatternParser(getPatternParser());
        registerMapping(
                RequestMappingInfo.paths(path + below)
                        .methods(httpMethod)
                        .params(requiredParameters)
                        .options(options)
                        .build(),
                target,
                method);
    }

    @Override
    protected boolean isHandler(Class<?> beanType) {
        return false;
    }

    @Override
    protected @Nullable RequestMappingInfo getMappingForMethod(Method method, Class<?> handlerType) {
        return null;
    }

    @Override
    protected boolean hasCorsConfigurationSource(Object mapped) {
        return cors != null;
    }

    @Override
    protected @Nullable CorsConfiguration initCorsConfiguration(
            Object mapped, Method method, RequestMappingInfo mapping) {
        return cors;
    }

    @Override
    protected @Nullable CorsConfiguration getCorsConfiguration(Object mapped, HttpServletRequest request) {
        CorsConfiguration configured = super.getCorsConfiguration(mapped, request);
        return configured != null ? configured : cors;
    }
}
