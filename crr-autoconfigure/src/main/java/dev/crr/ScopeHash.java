package dev.crr;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Puts a narrowing into 32 hexadecimal digits. Used up by {@link #toString()}. */
final class ScopeHash {

    private final MessageDigest digest;

    ScopeHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    ScopeHash add(char kind, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        digest.update((kind + Integer.toString(bytes.length) + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
        return this;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(digest.digest(), 0, Hex128.BYTES);
    }
}
