package dev.crr.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Crr;
import dev.crr.Instance;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer on a newer version knows a constant and a subclass more. */
class EnumUpgradeTests {

    enum State {
        DRAFT,
        DONE
    }

    enum NewState {
        DRAFT,
        DONE,
        REVIEW
    }

    @Crr
    @Entity(name = "ticket")
    @Inheritance
    static class Ticket {
        @Id
        UUID id = UUID.randomUUID();

        @Enumerated(EnumType.STRING)
        State state = State.DRAFT;

        @Enumerated
        State ordinal = State.DRAFT;
    }

    @Entity(name = "bug")
    static class Bug extends Ticket {}

    @Crr
    @Entity(name = "ticket")
    @Inheritance
    static class NewTicket {
        @Id
        UUID id = UUID.randomUUID();

        @Enumerated(EnumType.STRING)
        NewState state = NewState.DRAFT;

        @Enumerated
        NewState ordinal = NewState.DRAFT;
    }

    @Entity(name = "bug")
    static class NewBug extends NewTicket {}

    @Entity(name = "wish")
    static class Wish extends NewTicket {}

    private static final Class<?>[] OLD = {Ticket.class, Bug.class};
    private static final Class<?>[] NEW = {NewTicket.class, NewBug.class, Wish.class};

    @TempDir
    Path directory;

    @Test
    void whatTheOlderPeerDoesNotKnowReachesItAfterItsUpgrade() {
        Instance older = new Instance(directory.resolve("older.db"));
        try (older;
                Instance newer = new Instance(directory.resolve("newer.db")).withPeer(older)) {
            older.start(OLD);
            newer.start(NEW);
            NewTicket edited = new NewTicket();
            Jpa.of(newer).persist(edited);
            newer.syncWell();
            NewTicket fresh = new NewTicket();
            fresh.state = NewState.REVIEW;
            Wish wish = new Wish();
            Jpa.of(newer).persist(fresh, wish);
            Jpa.of(newer).edit(NewTicket.class, edited.id, ticket -> ticket.ordinal = NewState.REVIEW);
            newer.syncWell();

            List<Ticket> before = Jpa.of(older)
                    .call(em -> em.createQuery("from ticket", Ticket.class).getResultList());
            assertThat(before).singleElement().satisfies(ticket -> {
                assertThat(ticket.id).isEqualTo(edited.id);
                assertThat(ticket.ordinal).isEqualTo(State.DRAFT);
            });
            assertThat(older.status().path("quarantined").asInt()).isPositive();

            older.close();
            older.start(NEW);
            assertThat(older.status().path("quarantined").asInt()).isZero();
            assertThat(Jpa.of(older).find(NewTicket.class, edited.id).ordinal).isEqualTo(NewState.REVIEW);
            assertThat(Jpa.of(older).find(NewTicket.class, fresh.id).state).isEqualTo(NewState.REVIEW);
            assertThat(Jpa.of(older).find(NewTicket.class, wish.id)).isInstanceOf(Wish.class);

            NewTicket local = new NewTicket();
            local.state = NewState.REVIEW;
            Jpa.of(older).persist(local);
            newer.syncWell();
            assertThat(Jpa.of(newer).find(NewTicket.class, local.id).state).isEqualTo(NewState.REVIEW);
            assertThat(older.jdbc().queryForObject("PRAGMA integrity_check", String.class))
                    .isEqualTo("ok");
        }
    }

    /** Nothing an older peer may still write is taken away. */
    @Test
    void aDowngradeKeepsWhatTheNewerVersionAllowed() {
        Instance instance = new Instance(directory.resolve("a.db"));
        try (instance) {
            instance.start(NEW);
            instance.close();
            instance.start(OLD);
            assertThat(instance.jdbc()
                            .queryForObject("SELECT sql FROM sqlite_master WHERE name = 'ticket'", String.class))
                    .contains("'REVIEW'", "'wish'");
        }
    }
}
