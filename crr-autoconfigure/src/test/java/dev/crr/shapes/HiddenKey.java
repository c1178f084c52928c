package dev.crr.shapes;

import dev.crr.Crr;
import dev.crr.LocalOnly;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.UUID;

@Entity
@Crr
public class HiddenKey {
    @Id
    @LocalOnly
    UUID id;
}
