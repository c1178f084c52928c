package dev.crr.shapes;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import java.util.UUID;

@Entity
@Crr
@Inheritance(strategy = InheritanceType.SINGLE_TABLE)
public class Animal {
    @Id
    UUID id;

    String name;
}
