package dev.crr.demo.live;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Tells all pages when somebody edited the presentations here. What came from peers is {@link Incoming}'s to tell. */
@Component
class LocalWrites implements HandlerInterceptor, WebMvcConfigurer {

    private final Browsers browsers;

    LocalWrites(Browsers browsers) {
        this.browsers = browsers;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this)
                .addPathPatterns("/api/decks/**", "/api/slides/**", "/api/components/**")
                .excludePathPatterns("/api/decks/*/selected-slides", "/api/slides/*/selected-components");
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (!request.getMethod().equals(HttpMethod.GET.name())
                && HttpStatusCode.valueOf(response.getStatus()).is2xxSuccessful()) {
            browsers.tell("changed", () -> "");
        }
    }
}
