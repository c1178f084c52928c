package dev.crr.shapes;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import java.util.UUID;

@Entity
@Crr
@Inheritance(strategy = InheritanceType.JOINED)
public abstract class Vehicle {
    @Id
    UUID id;

    String name;
}
