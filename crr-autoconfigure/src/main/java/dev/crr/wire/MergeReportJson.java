package dev.crr.wire;

import dev.crr.Epoch;
import dev.crr.MalformedChangesetException;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The answer to a changeset that was sent, as JSON. Stateless. */
public final class MergeReportJson {

    private static final long MAX_MILLIS = Duration.ofDays(1).toMillis();
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private MergeReportJson() {}

    /**
     * Writes a receipt.
     *
     * @param receipt what became of the changeset
     * @param out where to
     * @throws IOException if {@code out} fails
     */
    public static void write(Receipt receipt, OutputStream out) throws IOException {
        MergeReport report = receipt.report();
        ObjectNode json = MAPPER.createObjectNode()
                .put("siteId", report.siteId().toString())
                .put("epoch", report.epoch().toString())
                .put("received", report.received())
                .put("applied", report.applied())
                .put("ignored", report.ignored())
                .put("quarantined", report.quarantined())
                .put("version", report.version());
        if (report.receivedEpoch() != null) {
            json.put("receivedEpoch", report.receivedEpoch().toString());
        }
        if (receipt.appliedIn() != null) {
            json.put("appliedIn", receipt.appliedIn().toMillis());
        }
        out.write(MAPPER.writeValueAsBytes(json));
    }

    /**
     * Reads a receipt.
     *
     * @param in the answer of a peer
     * @return the receipt
     * @throws MalformedChangesetException if the answer is anything else
     * @throws IOException if {@code in} fails
     */
    public static Receipt read(InputStream in) throws IOException {
        try {
            JsonNode json = MAPPER.readTree(in);
            MergeReport report = new MergeReport(
                    SiteId.parse(string(json, "siteId")),
                    Epoch.parse(string(json, "epoch")),
                    integer(json, "received"),
                    absent(json, "receivedEpoch") ? null : Epoch.parse(string(json, "receivedEpoch")),
                    integer(json, "applied"),
                    integer(json, "ignored"),
                    integer(json, "quarantined"),
                    integer(json, "version"));
            return new Receipt(report, appliedIn(json));
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            throw new MalformedChangesetException(-1, "not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new MalformedChangesetException(-1, String.valueOf(e.getMessage()), e);
        }
    }

    /** Never more than a day, lest it overflow somewhere. */
    private static @Nullable Duration appliedIn(JsonNode json) {
        return absent(json, "appliedIn")
                ? null
                : Duration.ofMillis(Math.max(0, Math.min(integer(json, "appliedIn"), MAX_MILLIS)));
    }

    private static boolean absent(JsonNode json, String name) {
        JsonNode value = json.path(name);
        return value.isNull() || value.isMissingNode();
    }

    private static String string(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isString()) {
            throw new MalformedChangesetException(-1, "\"" + name + "\" must be a string");
        }
        return value.asString();
    }

    private static long integer(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new MalformedChangesetException(-1, "\"" + name + "\" must be an integer");
        }
        return value.asLong();
    }
}
