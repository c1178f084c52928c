package dev.crr.shapes;

import dev.crr.Crr;
import dev.crr.LocalOnly;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Formula;

@Entity
@Crr
@Table(name = "`group`")
public class Slide {
    @Id
    UUID id;

    @Column(name = "`order`")
    @LocalOnly
    Integer position;

    String title;

    @Embedded
    @LocalOnly
    Viewport viewport;

    @Formula("1 + 1")
    @LocalOnly
    Integer two;
}
