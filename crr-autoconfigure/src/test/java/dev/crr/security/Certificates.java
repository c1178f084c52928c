package dev.crr.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of a test, and PEM files of those it vouches for. */
final class Certificates {

    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final String authority;
    private final Path store;

    Certificates(Path folder, String authority) throws IOException {
        this.folder = folder;
        this.authority = authority;
        this.store = folder.resolve(authority + ".p12");
        keytool("-genkeypair", "-alias", authority, "-dname", "CN=" + authority, "-ext", "bc:c", "-keyalg", "EC");
        writeCertificate(authority);
    }

    /** Makes a certificate for localhost, which is good for a server and a client. */
    Certificates issue(String name) throws IOException {
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost",
                "-keyalg",
                "EC",
                "-signer",
                authority);
        writeCertificate(name);
        writeKey(name);
        return this;
    }

    /** Properties of a bundle with the certificate and trust in whomever an authority vouches for. */
    List<String> bundle(String bundle, String name, Certificates trusted) {
        String prefix = "spring.ssl.bundle.pem." + bundle;
        return List.of(
                prefix + ".keystore.certificate=" + file(name + ".crt").toUri(),
                prefix + ".keystore.private-key=" + file(name + ".key").toUri(),
                prefix + ".truststore.certificate="
                        + trusted.file(trusted.authority + ".crt").toUri());
    }

    /** Properties of a bundle that trusts, but has no certificate of its own. */
    String trusting(String bundle) {
        return "spring.ssl.bundle.pem." + bundle + ".truststore.certificate="
                + file(authority + ".crt").toUri();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private void writeCertificate(String alias) throws IOException {
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                alias,
                "-file",
                file(alias + ".crt").toString());
    }

    private void writeKey(String alias) throws IOException {
        try {
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            Key key = keys.getKey(alias, PASSWORD.toCharArray());
            Files.writeString(
                    file(alias + ".key"),
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-storetype", "PKCS12", "-validity", "3650"));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
