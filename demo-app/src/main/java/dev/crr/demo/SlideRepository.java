package dev.crr.demo;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface SlideRepository extends JpaRepository<Slide, String> {

    @Query("select s from Slide s where s.deckId = :deckId order by s.position, s.id")
    List<Slide> ofDeck(String deckId);

    @Query("select coalesce(max(s.position), 0) from Slide s where s.deckId = :deckId")
    int lastPosition(String deckId);

    @Modifying
    @Query("update Slide s set s.position = :position where s.id = :id and s.position <> :position")
    int place(String id, int position);

    @Modifying
    @Query("delete from Slide s where s.deckId = :deckId")
    void deleteOfDeck(String deckId);
}
