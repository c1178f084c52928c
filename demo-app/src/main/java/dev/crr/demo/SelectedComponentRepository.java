package dev.crr.demo;

import java.util.Set;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface SelectedComponentRepository extends JpaRepository<SelectedComponent, SelectedComponent.Key> {

    /** Leaves out components that are not there: another instance may have deleted them. */
    @Query("select c.id from Component c join SelectedComponent x on x.key.componentId = c.id"
            + " where x.key.slideId = :slideId")
    Set<String> selected(String slideId);

    @Modifying
    @Query("delete from SelectedComponent x where x.key.slideId = :slideId")
    void clear(String slideId);
}
