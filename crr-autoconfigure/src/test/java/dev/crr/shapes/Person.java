package dev.crr.shapes;

import dev.crr.Crr;
import dev.crr.LocalOnly;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.SecondaryTable;
import java.util.UUID;

@Entity
@Crr
@SecondaryTable(name = "person_photo")
public class Person {
    @Id
    UUID id;

    String name;

    @Column(table = "person_photo")
    @LocalOnly
    byte[] thumbnail;
}
