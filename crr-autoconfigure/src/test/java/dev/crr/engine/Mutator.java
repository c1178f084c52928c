package dev.crr.engine;

import dev.crr.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORMapper;
import tools.jackson.dataformat.cbor.CBORWriteFeature;

/** Makes hostile changesets of honest ones: wrong values in the right places, and bytes in the wrong ones. */
final class Mutator {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Replaces halves of surrogate pairs, which it would else refuse to write. */
    private static final ObjectMapper LENIENT_CBOR = new CBORMapper(
            CBORFactory.builder().enable(CBORWriteFeature.LENIENT_UTF_ENCODING).build());

    /**
     * What is put in place of a field. Versions either stay close to honest ones or leave them far behind, so that whether a jump
     * is too far does not depend on who has seen what.
     */
    private static final List<String> POISON = List.of(
            "0",
            "-1",
            "1",
            "2",
            "3",
            "4",
            "1000",
            "1001",
            "8589934592",
            "8589934593",
            "4503599627370496",
            "9007199254740991",
            "9007199254740992",
            "4611686018427387904",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "1e400",
            "1.0",
            "1.5",
            "-0.0",
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"-1\"",
            "\"id\"",
            "\"a\"",
            "\"b\"",
            "\"nosuch\"",
            "\"plain\"",
            "\"tag\"",
            "\"PLAIN\"",
            "\"sqlite_master\"",
            "\"crr_state\"",
            "\"plain__crr_row\"",
            "\"a'); DROP TABLE plain; --\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\uffff\"",
            "{\"int\":\"5\"}",
            "{\"int\":\"9223372036854775808\"}",
            "{\"real\":\"1.0\"}",
            "{\"real\":\"-Infinity\"}",
            "{\"real\":\"NaN\"}",
            "{\"blob\":\"AAE=\"}",
            "{\"blob\":\"*\"}",
            "{\"text\":\"wyg=\"}",
            "{\"text\":\"YQ==\"}",
            "{\"int\":\"1\",\"real\":\"1.0\"}",
            "[1]",
            "[1,2]",
            "[\"a\"]",
            "[null]",
            "[1.5]",
            "[1.0]",
            "[\"1\"]",
            "[{\"blob\":\"YQ==\"}]",
            "[[1]]",
            "\"00000000000000000000000000000000\"",
            "\"0000000000000000000000000000000G\"",
            "\"ABCDEF\"");

    private static final List<String> FIELDS =
            List.of("table", "pk", "cid", "val", "colVersion", "dbVersion", "siteId", "cl", "seq");

    private final Random random;
    private final ObjectMapper mapper;

    Mutator(Random random, WireFormat format) {
        this.random = random;
        this.mapper = format == WireFormat.CBOR ? LENIENT_CBOR : JSON;
    }

    byte[] mutate(byte[] honest) {
        byte[] mutant = random.nextInt(4) == 0 ? honest : structure(honest);
        return random.nextInt(3) == 0 ? bytes(mutant) : mutant;
    }

    private byte[] structure(byte[] honest) {
        ObjectNode changeset = (ObjectNode) mapper.readTree(honest);
        ArrayNode changes = (ArrayNode) changeset.get("changes");
        for (int i = random.nextInt(3); i >= 0 && !changes.isEmpty(); i--) {
            int at = random.nextInt(changes.size());
            if (!(changes.get(at) instanceof ObjectNode change)) {
                continue;
            }
            switch (random.nextInt(8)) {
                case 0 -> changes.remove(at);
                case 1 -> changes.add(change.deepCopy());
                case 2 -> changes.set(at, poison());
                case 3 -> change.remove(field());
                case 4 ->
                    changeset.set(
                            List.of("siteId", "epoch", "since", "version", "exclude", "scope", "more", "changes")
                                    .get(random.nextInt(8)),
                            poison());
                case 5 ->
                    change.set(
                            field(), changes.get(random.nextInt(changes.size())).path(field()));
                default -> change.set(field(), poison());
            }
            if (!(changeset.get("changes") instanceof ArrayNode)) {
                break;
            }
        }
        return mapper.writeValueAsBytes(changeset);
    }

    private byte[] bytes(byte[] source) {
        List<Byte> bytes = new ArrayList<>(source.length);
        for (byte each : source) {
            bytes.add(each);
        }
        for (int i = random.nextInt(3); i >= 0 && !bytes.isEmpty(); i--) {
            int at = random.nextInt(bytes.size());
            switch (random.nextInt(5)) {
                case 0 -> bytes.set(at, (byte) random.nextInt());
                case 1 -> bytes.remove(at);
                case 2 -> bytes.add(at, "\"{}[],:0-9.eE\\\u0000u".getBytes(StandardCharsets.UTF_8)[random.nextInt(16)]);
                case 3 ->
                    bytes.subList(at, Math.min(bytes.size(), at + random.nextInt(40)))
                            .clear();
                default -> {
                    List<Byte> copy = List.copyOf(bytes.subList(at, Math.min(bytes.size(), at + random.nextInt(80))));
                    bytes.addAll(random.nextInt(bytes.size()), copy);
                }
            }
        }
        byte[] result = new byte[bytes.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = bytes.get(i);
        }
        return result;
    }

    private JsonNode poison() {
        String json = POISON.get(random.nextInt(POISON.size()));
        return json.equals("1e400")
                ? JSON.getNodeFactory().numberNode(new java.math.BigDecimal("1e400"))
                : JSON.readTree(json);
    }

    private String field() {
        return FIELDS.get(random.nextInt(FIELDS.size()));
    }

    static String describe(byte[] mutant) {
        return new String(Arrays.copyOf(mutant, Math.min(mutant.length, 4000)), StandardCharsets.UTF_8);
    }
}
