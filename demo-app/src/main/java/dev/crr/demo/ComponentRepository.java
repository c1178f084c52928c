package dev.crr.demo;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface ComponentRepository extends JpaRepository<Component, String> {

    @Query("select c from Component c join Slide s on s.id = c.slideId where s.deckId = :deckId"
            + " order by c.position, c.id")
    List<Component> ofDeck(String deckId);

    @Query("select c from Component c where c.slideId = :slideId order by c.position, c.id")
    List<Component> ofSlide(String slideId);

    @Query("select max(c.position) from Component c where c.slideId = :slideId")
    Optional<String> lastPosition(String slideId);

    @Modifying
    @Query("delete from Component c where c.slideId = :slideId")
    void deleteOfSlide(String slideId);

    @Modifying
    @Query("delete from Component c where c.slideId in (select s.id from Slide s where s.deckId = :deckId)")
    void deleteOfDeck(String deckId);
}
