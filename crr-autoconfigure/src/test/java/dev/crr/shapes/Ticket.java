package dev.crr.shapes;

import dev.crr.Crr;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

@Entity
@Crr
public class Ticket {
    @Id
    @GeneratedValue
    @Column(name = "ticket_no")
    long id;
}
