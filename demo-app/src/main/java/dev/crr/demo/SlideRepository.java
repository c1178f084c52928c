package dev.crr.demo;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface SlideRepository extends JpaRepository<Slide, String> {

    @Query("select s from Slide s where s.deckId = :deckId order by s.position, s.id")
    List<Slide> ofDeck(String deckId);

    @Modifying
    @Query("delete from Slide s where s.deckId = :deckId")
    void deleteOfDeck(String deckId);
}
