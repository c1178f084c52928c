package dev.crr;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The arrows between packages. */
@AnalyzeClasses(packages = "dev.crr", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule apiStandsAlone = only("dev.crr", Set.of());

    @ArchTest
    static final ArchRule engineKnowsTheApiOnly = only("dev.crr.engine", Set.of("dev.crr"));

    @ArchTest
    static final ArchRule sqlKnowsApiAndEngine = only("dev.crr.sql", Set.of("dev.crr", "dev.crr.engine"));

    @ArchTest
    static final ArchRule jpaKnowsApiAndEngine = only("dev.crr.jpa", Set.of("dev.crr", "dev.crr.engine"));

    @ArchTest
    static final ArchRule wireKnowsTheApiOnly = only("dev.crr.wire", Set.of("dev.crr"));

    @ArchTest
    static final ArchRule syncKnowsApiAndWire = only("dev.crr.sync", Set.of("dev.crr", "dev.crr.wire"));

    @ArchTest
    static final ArchRule actuateKnowsApiWireAndSync =
            only("dev.crr.actuate", Set.of("dev.crr", "dev.crr.wire", "dev.crr.sync"));

    @ArchTest
    static final ArchRule frameworksStayOutOfApiAndEngine = noClasses()
            .that()
            .resideInAnyPackage("dev.crr", "dev.crr.engine", "dev.crr.sql")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "org.hibernate..", "jakarta..");

    @ArchTest
    static final ArchRule springStaysOutOfJpa = noClasses()
            .that()
            .resideInAPackage("dev.crr.jpa")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule hibernateStaysInJpaAndAutoconfigure = noClasses()
            .that()
            .resideOutsideOfPackages("dev.crr.jpa", "dev.crr.autoconfigure")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.hibernate..");

    @ArchTest
    static final ArchRule noCycles = slices().matching("dev.(**)").should().beFreeOfCycles();

    @ArchTest
    static void packagesAreNullMarked(JavaClasses classes) {
        Set<JavaPackage> packages = classes.getPackage("dev.crr").getSubpackagesInTree();
        assertThat(classes.getPackage("dev.crr").isAnnotatedWith(NullMarked.class))
                .isTrue();
        assertThat(packages)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as(each.getName())
                        .isTrue());
    }

    private static ArchRule only(String packageName, Set<String> allowed) {
        DescribedPredicate<JavaClass> otherRooms = DescribedPredicate.describe(
                "in other packages of crr than " + allowed,
                type -> type.getPackageName().startsWith("dev.crr")
                        && !type.getPackageName().equals(packageName)
                        && !allowed.contains(type.getPackageName()));
        return noClasses()
                .that()
                .resideInAPackage(packageName)
                .should()
                .dependOnClassesThat(otherRooms)
                .allowEmptyShould(true);
    }
}
