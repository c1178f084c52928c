package dev.crr.demo;

import java.util.Set;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface SelectedSlideRepository extends JpaRepository<SelectedSlide, SelectedSlide.Key> {

    /** Leaves out slides that are not there: another instance may have deleted them. */
    @Query("select s.id from Slide s join SelectedSlide x on x.key.slideId = s.id where x.key.deckId = :deckId")
    Set<String> selected(String deckId);

    @Modifying
    @Query("delete from SelectedSlide x where x.key.deckId = :deckId")
    void clear(String deckId);
}
