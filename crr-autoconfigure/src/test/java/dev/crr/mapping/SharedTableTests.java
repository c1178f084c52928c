package dev.crr.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crr.Change;
import dev.crr.ChangeQuery;
import dev.crr.Instance;
import dev.crr.ReplicatedTable;
import dev.crr.engine.TableProblem;
import dev.crr.mapping.SharedShapes.AbstractDoc;
import dev.crr.mapping.SharedShapes.Club;
import dev.crr.mapping.SharedShapes.Fan;
import dev.crr.mapping.SharedShapes.JoinedDoc;
import dev.crr.mapping.SharedShapes.Letter;
import dev.crr.mapping.SharedShapes.Membership;
import dev.crr.mapping.SharedShapes.MembershipId;
import dev.crr.mapping.SharedShapes.Memorandum;
import dev.crr.mapping.SharedShapes.Plain;
import dev.crr.mapping.SharedShapes.PlainCount;
import dev.crr.mapping.SharedShapes.PlainToo;
import dev.crr.mapping.SharedShapes.PrivateJoined;
import dev.crr.mapping.SharedShapes.PrivateSingle;
import dev.crr.mapping.SharedShapes.SecretClub;
import dev.crr.mapping.SharedShapes.SharedJoined;
import dev.crr.mapping.SharedShapes.SharedSingle;
import dev.crr.mapping.SharedShapes.SharedTable;
import dev.crr.mapping.SharedShapes.SharedTagged;
import dev.crr.mapping.SharedShapes.SingleDoc;
import dev.crr.mapping.SharedShapes.TableDoc;
import dev.crr.mapping.SharedShapes.TaggedDoc;
import dev.crr.mapping.SharedShapes.Tug;
import dev.crr.mapping.SharedShapes.Vessel;
import dev.crr.mapping.SharedShapes.WithMore;
import dev.crr.mapping.SharedShapes.WithMoreToo;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** {@code @Crr} stands on classes, and tables replicate: where the two differ, the application does not start. */
@ExtendWith(OutputCaptureExtension.class)
class SharedTableTests {

    @TempDir
    Path directory;

    private Instance instance() {
        return new Instance(directory.resolve("a.db"));
    }

    private List<TableProblem> refused(Class<?>... entities) {
        return MappingValidationTests.refused(instance(), entities);
    }

    @Test
    void aPartOfASingleTable(CapturedOutput output) {
        assertThat(refused(SingleDoc.class, SharedSingle.class, PrivateSingle.class))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.table()).isEqualTo("single_doc");
                    assertThat(problem.entity()).isEqualTo(SharedSingle.class.getName());
                    assertThat(problem.description())
                            .contains(SingleDoc.class.getName(), PrivateSingle.class.getName(), "without @Crr");
                    assertThat(problem.cure())
                            .contains("Put @Crr on " + SingleDoc.class.getName(), "@MappedSuperclass");
                });
        assertThat(output)
                .contains(
                        "APPLICATION FAILED TO START",
                        "entity " + SharedSingle.class.getName() + ", table \"single_doc\": The table has rows of");
    }

    @Test
    void aPartOfAJoinedHierarchy() {
        assertThat(refused(JoinedDoc.class, SharedJoined.class, PrivateJoined.class))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.table()).isEqualTo("joined_doc");
                    assertThat(problem.description())
                            .contains(PrivateJoined.class.getName())
                            .doesNotContain(JoinedDoc.class.getName());
                    assertThat(problem.cure()).contains("Put @Crr on " + JoinedDoc.class.getName());
                });
    }

    @Test
    void aCollectionOfASuperclassThatStaysHere() {
        assertThat(refused(TaggedDoc.class, SharedTagged.class))
                .extracting(TableProblem::table)
                .containsExactly("tagged_doc_tags");
    }

    @Test
    void twoEntitiesOnOneTableInWhateverSpelling() {
        assertThat(refused(Plain.class, PlainToo.class)).singleElement().satisfies(problem -> {
            assertThat(problem.table()).isEqualTo("plain");
            assertThat(problem.cure()).contains("Put @Crr on " + PlainToo.class.getName(), "a table of their own");
        });
    }

    @Test
    void oneSecondaryTableOfTwoEntities() {
        assertThat(refused(WithMore.class, WithMoreToo.class))
                .extracting(TableProblem::table)
                .containsExactly("more");
    }

    @Test
    void aJoinTableThatIsAnEntityToo() {
        assertThat(refused(Club.class, Fan.class, Membership.class, MembershipId.class))
                .extracting(TableProblem::table)
                .containsExactly("membership");
    }

    @Test
    void aJoinTableThatIsToStayForOneOfItsOwners() {
        assertThat(refused(Club.class, Fan.class, SecretClub.class))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.table()).isEqualTo("membership");
                    assertThat(problem.description()).contains(SecretClub.class.getName() + ".fans", "@LocalOnly");
                });
    }

    @Test
    void aLeafWithATableOfItsOwnMayReplicateAlone() {
        try (Instance instance = instance().start(TableDoc.class, SharedTable.class)) {
            TableDoc local = new TableDoc();
            local.id = "local";
            SharedTable shared = new SharedTable();
            shared.id = "shared";
            shared.text = "inherited";
            shared.note = "private";
            Jpa.of(instance).persist(local, shared);
            assertThat(instance.service().changes(ChangeQuery.ALL).changes())
                    .isNotEmpty()
                    .extracting(Change::table)
                    .containsOnly("shared_table");
            assertThat(instance.service().changes(ChangeQuery.ALL).changes())
                    .extracting(Change::cid)
                    .contains("text")
                    .doesNotContain("note");
        }
    }

    @Test
    void anAbstractRootNeedNotSayAnythingIfAllItsClassesDo() {
        try (Instance instance = instance().start(AbstractDoc.class, Letter.class)) {
            assertThat(instance.service().tables())
                    .extracting(ReplicatedTable::name)
                    .containsExactly("abstract_doc");
        }
        // The CHECK on the discriminator is of the root, and has to be widened nevertheless.
        try (Instance instance = instance().start(AbstractDoc.class, Letter.class, Memorandum.class)) {
            Memorandum fresh = new Memorandum();
            fresh.id = "m";
            Jpa.of(instance).persist(fresh);
            assertThat(instance.rows("abstract_doc")).hasSize(1);
        }
    }

    @Test
    void aQueryOverAReplicatedTableWritesNothing() {
        try (Instance instance = instance().start(Plain.class, PlainCount.class)) {
            assertThat(Jpa.of(instance).find(PlainCount.class, "all").n).isZero();
        }
    }

    @Test
    void impliedConstraintsAreLeftOutWhereverTheAssociationIsDeclared() {
        try (Instance instance = instance().start(Vessel.class, Tug.class, Fan.class)) {
            assertThat(instance.service().tables())
                    .extracting(ReplicatedTable::name)
                    .containsExactlyInAnyOrder("tug", "fan", "vessel_boats");
        }
    }
}
