package dev.crr.shapes;

import jakarta.persistence.Embeddable;
import java.io.Serializable;
import java.util.Objects;

@Embeddable
public class SeatId implements Serializable {
    String hall;

    int number;

    @Override
    public boolean equals(Object other) {
        return other instanceof SeatId that && hall.equals(that.hall) && number == that.number;
    }

    @Override
    public int hashCode() {
        return Objects.hash(hall, number);
    }
}
