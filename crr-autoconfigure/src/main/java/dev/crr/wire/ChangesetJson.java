package dev.crr.wire;

import dev.crr.Changeset;
import dev.crr.MalformedChangesetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Changesets as JSON. Both directions stream: no tree is built, and reading is as strict as the format is. Thread-safe.
 *
 * <p>Reading checks syntax, types and presence. Whether the numbers make sense is for
 * {@link dev.crr.ChangesetBounds#check}, which {@link dev.crr.ChangesetService#apply} calls.
 */
public final class ChangesetJson {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 1000;
    private static final int MAX_STRING_LENGTH = 100_000_000;

    private final JsonFactory factory = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(JsonInput.MAX_NAME_LENGTH)
                    .maxStringLength(MAX_STRING_LENGTH)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            // Half a changeset after a failure must not be closed into a whole one.
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    private final int maxChanges;

    /**
     * @param maxChanges how many changes a changeset that is read may have, not counting the rest of the row that reaches it
     */
    public ChangesetJson(int maxChanges) {
        this.maxChanges = maxChanges;
    }

    /**
     * Writes a changeset.
     *
     * @param changeset what to write
     * @param out where to; neither closed nor flushed beyond what was written
     * @param numbers how values that are numbers look
     * @throws IOException if {@code out} fails
     */
    public void write(Changeset changeset, OutputStream out, NumberStyle numbers) throws IOException {
        try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), out)) {
            new ChangesetWriter(generator, numbers).write(changeset);
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Reads a changeset, to the end of the input.
     *
     * @param in UTF-8; not closed
     * @return the changeset
     * @throws MalformedChangesetException if the input is anything but one changeset
     * @throws ChangesetTooLargeException if it has more changes than allowed
     * @throws IOException if {@code in} fails
     */
    public Changeset read(InputStream in) throws IOException {
        // A decoder of our own, because Jackson's lets overlong forms and encoded surrogates pass.
        InputStreamReader reader = new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), reader)) {
            return read(new JsonInput(parser));
        }
    }

    private Changeset read(JsonInput input) throws IOException {
        try {
            return new ChangesetReader(input, maxChanges).read();
        } catch (JacksonIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw input.malformed("not valid UTF-8", e);
            }
            throw e.getCause();
        } catch (JacksonException e) {
            throw input.malformed("not valid JSON: " + e.getOriginalMessage() + place(e), e);
        }
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }
}
