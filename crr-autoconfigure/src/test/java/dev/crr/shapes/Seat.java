package dev.crr.shapes;

import dev.crr.Crr;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;

@Entity
@Crr
public class Seat {
    @EmbeddedId
    SeatId id;

    String guest;
}
