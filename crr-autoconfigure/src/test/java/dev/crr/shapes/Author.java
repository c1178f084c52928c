package dev.crr.shapes;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToMany;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

@Entity
@Crr
public class Author {
    @Id
    UUID id;

    @ManyToMany(mappedBy = "authors")
    Set<Book> books = new HashSet<>();
}
