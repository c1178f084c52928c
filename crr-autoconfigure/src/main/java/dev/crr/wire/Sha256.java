package dev.crr.wire;

import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The digest of a body, in the form that RFC 9530 gives it in a header. Not thread-safe. */
public final class Sha256 {

    /** The header. */
    public static final String HEADER = "Repr-Digest";

    private final MessageDigest digest;

    /** Of nothing yet. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /**
     * Takes in what is read.
     *
     * @param in where to read
     * @return the same, to read from
     */
    public InputStream read(InputStream in) {
        return new DigestInputStream(in, digest);
    }

    /**
     * The header's value, once all was read.
     *
     * @return the digest of what was read
     */
    public String header() {
        return "sha-256=:" + Base64.getEncoder().encodeToString(digest.digest()) + ":";
    }
}
