package dev.crr.actuate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request is not as it should be. The message is for whoever sent it. */
final class RefusedRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final @Nullable String parameter;

    private RefusedRequestException(
            HttpStatus status, @Nullable String parameter, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.parameter = parameter;
    }

    static RefusedRequestException parameter(String name, String expectation) {
        return new RefusedRequestException(
                HttpStatus.BAD_REQUEST, name, "the parameter \"" + name + "\" must " + expectation, null);
    }

    static RefusedRequestException badRequest(String message, Throwable cause) {
        return new RefusedRequestException(HttpStatus.BAD_REQUEST, null, message, cause);
    }

    static RefusedRequestException forbidden(String message) {
        return new RefusedRequestException(HttpStatus.FORBIDDEN, null, message, null);
    }

    static RefusedRequestException unsupported(String message) {
        return new RefusedRequestException(HttpStatus.UNSUPPORTED_MEDIA_TYPE, null, message, null);
    }

    static RefusedRequestException timeout(Duration limit) {
        return new RefusedRequestException(
                HttpStatus.REQUEST_TIMEOUT, null, "the body did not arrive within " + limit.toMillis() + " ms", null);
    }

    static RefusedRequestException notAcceptable(String message) {
        return new RefusedRequestException(HttpStatus.NOT_ACCEPTABLE, null, message, null);
    }

    static RefusedRequestException paused() {
        return new RefusedRequestException(
                HttpStatus.SERVICE_UNAVAILABLE, null, "the exchange of changes is paused here; try again later", null);
    }

    HttpStatus status() {
        return status;
    }

    @Nullable String parameter() {
        return parameter;
    }
}
