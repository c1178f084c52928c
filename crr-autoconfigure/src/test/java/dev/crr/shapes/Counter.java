package dev.crr.shapes;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

@Entity
@Crr
public class Counter {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;
}
