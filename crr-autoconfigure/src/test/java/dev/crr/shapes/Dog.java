package dev.crr.shapes;

import dev.crr.LocalOnly;
import jakarta.persistence.Entity;

@Entity
public class Dog extends Animal {
    @LocalOnly
    String mood;
}
