package dev.crr.demo;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface DeckRepository extends JpaRepository<Deck, String> {

    @Query("select new dev.crr.demo.DeckSummary(d.id, d.name) from Deck d order by d.name, d.id")
    List<DeckSummary> summaries();
}
