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
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Changesets as JSON and CBOR. Both directions stream: no tree is built, and reading is as strict as the format is. Thread-safe.
 *
 * <p>Reading checks syntax, types and presence. Whether the numbers make sense is for
 * {@link dev.crr.ChangesetBounds#check}, which {@link dev.crr.ChangesetService#apply} calls.
 */
public final class ChangesetCodec {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 1000;

    private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxNumberLength(MAX_NUMBER_LENGTH)
            .maxNameLength(ChangesetInput.MAX_NAME_LENGTH)
            // Whoever reads limits the body, and a value with it.
            .maxStringLength(Integer.MAX_VALUE)
            .build();

    private final int maxChanges;
    private final Map<WireFormat, TokenStreamFactory> factories = new EnumMap<>(WireFormat.class);

    /**
     * For all formats.
     *
     * @param maxChanges how many changes a changeset that is read may have, not counting the rest of the row that reaches it
     */
    public ChangesetCodec(int maxChanges) {
        this(maxChanges, EnumSet.allOf(WireFormat.class));
    }

    /**
     * @param maxChanges how many changes a changeset that is read may have, not counting the rest of the row that reaches it
     * @param formats which formats beside JSON; CBOR needs {@code tools.jackson.dataformat:jackson-dataformat-cbor}
     */
    public ChangesetCodec(int maxChanges, Set<WireFormat> formats) {
        this.maxChanges = maxChanges;
        factories.put(WireFormat.JSON, json());
        if (formats.contains(WireFormat.CBOR)) {
            factories.put(WireFormat.CBOR, CborFactory.create(CONSTRAINTS));
        }
    }

    private static TokenStreamFactory json() {
        return JsonFactory.builder()
                .streamReadConstraints(CONSTRAINTS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                // Half a changeset after a failure must not be closed into a whole one.
                .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
                .build();
    }

    /**
     * Tells whether a format is spoken.
     *
     * @param format the format
     * @return true for those it was made for
     */
    public boolean speaks(WireFormat format) {
        return factories.containsKey(format);
    }

    /**
     * Writes a changeset.
     *
     * @param changeset what to write
     * @param out where to; neither closed nor flushed beyond what was written
     * @param format one that is spoken
     * @param numbers how values that are numbers look
     * @throws IOException if {@code out} fails
     */
    public void write(Changeset changeset, OutputStream out, WireFormat format, NumberStyle numbers)
            throws IOException {
        try (JsonGenerator generator = factory(format).createGenerator(ObjectWriteContext.empty(), out)) {
            new ChangesetWriter(generator, numbers).write(changeset);
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Reads a changeset, to the end of the input.
     *
     * @param in JSON in UTF-8, or CBOR; not closed
     * @param format one that is spoken
     * @return the changeset
     * @throws MalformedChangesetException if the input is anything but one changeset
     * @throws ChangesetTooLargeException if it has more changes than allowed
     * @throws IOException if {@code in} fails
     */
    public Changeset read(InputStream in, WireFormat format) throws IOException {
        return switch (format) {
            case JSON -> {
                try (JsonParser parser = factory(format).createParser(ObjectReadContext.empty(), utf8(in))) {
                    yield read(new ChangesetInput(parser, format));
                }
            }
            case CBOR -> {
                try (JsonParser parser = factory(format).createParser(ObjectReadContext.empty(), in)) {
                    yield read(new CborInput(parser));
                }
            }
        };
    }

    /** A decoder of our own, because Jackson's lets overlong forms and encoded surrogates pass. */
    private static InputStreamReader utf8(InputStream in) {
        return new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private Changeset read(ChangesetInput input) throws IOException {
        try {
            return new ChangesetReader(input, maxChanges).read();
        } catch (JacksonIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw input.malformed("not valid UTF-8", e);
            }
            throw e.getCause();
        } catch (JacksonException e) {
            throw input.unreadable(e);
        }
    }

    private TokenStreamFactory factory(WireFormat format) {
        TokenStreamFactory factory = factories.get(format);
        if (factory == null) {
            throw new IllegalArgumentException(format + " is not spoken");
        }
        return factory;
    }
}
