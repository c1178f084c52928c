package dev.crr.demo;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface ComponentRepository extends JpaRepository<Component, String> {

    @Query("select c from Component c join Slide s on s.id = c.slideId where s.deckId = :deckId order by c.id")
    List<Component> ofDeck(String deckId);

    @Modifying
    @Query("delete from Component c where c.slideId = :slideId")
    void deleteOfSlide(String slideId);

    @Modifying
    @Query("delete from Component c where c.slideId in (select s.id from Slide s where s.deckId = :deckId)")
    void deleteOfDeck(String deckId);
}
