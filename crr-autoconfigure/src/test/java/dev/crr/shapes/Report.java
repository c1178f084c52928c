package dev.crr.shapes;

import dev.crr.Crr;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.UUID;
import org.hibernate.annotations.Subselect;

@Entity
@Crr
@Subselect("select id from note")
public class Report {
    @Id
    UUID id;
}
