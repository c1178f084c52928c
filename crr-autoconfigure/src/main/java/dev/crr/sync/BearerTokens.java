package dev.crr.sync;

/** What a bearer token looks like. The HTTP client quotes header values that it does not like, so it must not see them. */
final class BearerTokens {

    /** Never with the token. */
    static final String INVALID =
            "its bearer token is empty, or has characters that cannot be in a header, such as a line break at its end";

    private BearerTokens() {}

    static boolean isValid(String token) {
        return !token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }
}
