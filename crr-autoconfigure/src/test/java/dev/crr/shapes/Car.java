package dev.crr.shapes;

import jakarta.persistence.Entity;

@Entity
public class Car extends Vehicle {
    String plate;
}
