package dev.crr.shapes;

import jakarta.persistence.Entity;

@Entity
public class Square extends Shape {
    double side;
}
