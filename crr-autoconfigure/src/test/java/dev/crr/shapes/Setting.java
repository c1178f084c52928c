package dev.crr.shapes;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.UUID;

@Entity
public class Setting {
    @Id
    UUID id;

    String value;
}
