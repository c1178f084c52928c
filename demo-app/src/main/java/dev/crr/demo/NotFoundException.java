package dev.crr.demo;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** There is no such deck, slide or component here: answered with 404. */
class NotFoundException extends ErrorResponseException {

    private static final long serialVersionUID = 1L;

    NotFoundException(String what, String id) {
        super(
                HttpStatus.NOT_FOUND,
                ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "There is no " + what + " " + id + " here"),
                null);
    }
}
