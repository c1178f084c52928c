package dev.crr.shapes;

import dev.crr.Crr;
import dev.crr.LocalOnly;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

@Entity
@Crr
public class Book {
    @Id
    UUID id;

    @ElementCollection
    @CollectionTable(name = "book_tag")
    @Column(name = "tag", nullable = false)
    Set<String> tags = new HashSet<>();

    @ElementCollection
    @CollectionTable(name = "book_visit")
    @LocalOnly
    Set<String> visits = new HashSet<>();

    @ManyToMany
    @JoinTable(name = "book_author")
    Set<Author> authors = new HashSet<>();
}
