package dev.crr.shapes;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

@Embeddable
public class Viewport {
    Integer zoom;

    @Column(name = "scroll_y")
    Integer scroll;
}
