package dev.crr.actuate;

import dev.crr.ChangesetService;
import dev.crr.sync.CursorStore;
import dev.crr.sync.SyncLoop;
import dev.crr.wire.ChangesetJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Maps {@code GET} and {@code POST} of {@code changes} below the {@link CrrEndpoint}, the way Spring Boot maps the operations of
 * endpoints. They are no operations themselves because those can neither take nested JSON nor stream.
 */
public final class ChangesHandlerMapping extends RequestMappingInfoHandlerMapping {

    /** Just before Spring Boot's own mapping of endpoints, which would take {@code changes} for a selector. */
    private static final int ORDER = -101;

    private final String path;
    private final Access access;
    private final @Nullable CorsConfiguration cors;
    private final ChangesHandler handler;

    /**
     * @param endpointPath the path of the endpoint
     * @param access what is permitted: {@code GET} if reading is, {@code POST} if everything is
     * @param cors which browser origins may call; null for none
     * @param service this database
     * @param cursors how far peers have come
     * @param json the format
     * @param limits how much at once
     * @param loop who is paused
     * @param served keeps account of it
     */
    public ChangesHandlerMapping(
            String endpointPath,
            Access access,
            @Nullable CorsConfiguration cors,
            ChangesetService service,
            CursorStore cursors,
            ChangesetJson json,
            ChangesLimits limits,
            SyncLoop loop,
            Served served) {
        this.path = endpointPath + "/changes";
        this.access = access;
        this.cors = cors;
        this.handler = new ChangesHandler(service, cursors, json, limits, loop, served);
        setOrder(ORDER);
    }

    @Override
    protected void initHandlerMethods() {
        if (access != Access.NONE) {
            register(RequestMethod.GET, "read");
        }
        if (access == Access.UNRESTRICTED) {
            register(RequestMethod.POST, "receive");
        }
    }

    private void register(RequestMethod httpMethod, String name) {
        Method method = ReflectionUtils.findMethod(
                ChangesHandler.class, name, HttpServletRequest.class, HttpServletResponse.class);
        if (method == null) {
            throw new IllegalStateException("there is no method " + name);
        }
        RequestMappingInfo.BuilderConfiguration options = new RequestMappingInfo.BuilderConfiguration();
        options.setPatternParser(getPatternParser());
        registerMapping(
                RequestMappingInfo.paths(path)
                        .methods(httpMethod)
                        .options(options)
                        .build(),
                handler,
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
