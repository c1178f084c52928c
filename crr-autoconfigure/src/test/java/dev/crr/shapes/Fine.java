package dev.crr.shapes;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.util.UUID;

@Entity
@Crr
public class Fine {
    @Id
    @GeneratedValue(strategy = GenerationType.UUID)
    UUID id;
}
