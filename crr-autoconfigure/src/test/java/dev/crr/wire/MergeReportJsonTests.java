package dev.crr.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.crr.Epoch;
import dev.crr.MalformedChangesetException;
import dev.crr.MergeReport;
import dev.crr.SiteId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MergeReportJsonTests {

    private static final MergeReport REPORT = new MergeReport(SiteId.random(), Epoch.random(), 5, null, 1, 2, 3, 9);

    @Test
    void whatIsWrittenReadsBackEqual() throws IOException {
        MergeReport ofAnEpoch = new MergeReport(SiteId.random(), Epoch.random(), 5, Epoch.random(), 1, 2, 3, 9);
        for (Receipt receipt : new Receipt[] {
            new Receipt(REPORT, null), new Receipt(REPORT, Duration.ofMillis(7)), new Receipt(ofAnEpoch, null)
        }) {
            assertThat(read(written(receipt))).isEqualTo(receipt);
        }
    }

    @Test
    void anEpochThatIsNoneIsRefusedAndNullIsAbsent() throws IOException {
        String good = written(new Receipt(REPORT, null));
        assertThat(read(good.replace("{", "{\"receivedEpoch\":null,")).report().receivedEpoch())
                .isNull();
        assertThatExceptionOfType(MalformedChangesetException.class)
                .isThrownBy(() -> read(good.replace("{", "{\"receivedEpoch\":\"1f\",")));
    }

    @Test
    void aTimeThatCannotBeIsHarmless() throws IOException {
        String good = written(new Receipt(REPORT, Duration.ofMillis(7)));
        assertThat(read(good.replace("\"appliedIn\":7", "\"appliedIn\":-7")).appliedIn())
                .isEqualTo(Duration.ZERO);
        assertThat(read(good.replace("\"appliedIn\":7", "\"appliedIn\":9223372036854775807"))
                        .appliedIn())
                .isEqualTo(Duration.ofDays(1));
        assertThat(read(good.replace("\"appliedIn\":7", "\"appliedIn\":null")).appliedIn())
                .isNull();
        assertThatExceptionOfType(MalformedChangesetException.class)
                .isThrownBy(() -> read(good.replace("\"appliedIn\":7", "\"appliedIn\":\"7\"")))
                .withMessage("\"appliedIn\" must be an integer");
    }

    private static String written(Receipt receipt) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MergeReportJson.write(receipt, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Receipt read(String json) throws IOException {
        return MergeReportJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
