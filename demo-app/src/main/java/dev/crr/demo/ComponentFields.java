package dev.crr.demo;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What to set in a component; whatever is absent stays as it is, or takes its default in a new one.
 *
 * @param type the kind, one word
 * @param content the text, or what else the kind calls for
 * @param x distance from the left edge
 * @param y distance from the upper edge
 * @param w width
 * @param h height
 * @param rotation degrees, clockwise
 * @param fill the colour inside, empty for none
 * @param ink the colour of the text
 * @param fontSize the height of the text
 */
record ComponentFields(
        @Nullable @Size(max = 50) @Pattern(regexp = "\\S+", message = "must be one word") String type,

        @Nullable @Size(max = 100_000) String content,
        @Nullable @DecimalMin("-1e6") @DecimalMax("1e6") Double x,
        @Nullable @DecimalMin("-1e6") @DecimalMax("1e6") Double y,
        @Nullable @DecimalMin("0") @DecimalMax("1e6") Double w,
        @Nullable @DecimalMin("0") @DecimalMax("1e6") Double h,
        @Nullable @DecimalMin("-360") @DecimalMax("360") Double rotation,

        @Nullable @Pattern(regexp = "|" + ComponentFields.COLOUR, message = "must be empty or like #1f2937") String fill,

        @Nullable @Pattern(regexp = ComponentFields.COLOUR, message = "must be like #1f2937") String ink,

        @Nullable @DecimalMin("1") @DecimalMax("1000") Double fontSize) {

    private static final String COLOUR = "#[0-9a-f]{6}";
}
