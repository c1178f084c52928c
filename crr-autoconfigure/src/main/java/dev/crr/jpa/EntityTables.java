package dev.crr.jpa;

import dev.crr.engine.AllowedValues;
import dev.crr.engine.TableProblem;
import dev.crr.engine.TableSpec;
import dev.crr.jpa.Findings.Kind;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.persister.entity.EntityPersister;

/**
 * The tables behind the {@link dev.crr.Crr @Crr} entities of one persistence unit.
 *
 * @param tables the tables that are to replicate: those of the entities, and the collection and join tables they own
 * @param problems what the mapping alone rules out; the database may rule out more
 * @param inexact what is ruled out if the column has numeric affinity
 * @param zoned what is ruled out if the driver stores dates as numbers
 * @param warnings what works and is unwise
 * @param allowedValues what the application may write to enum and discriminator columns
 */
public record EntityTables(
        List<TableSpec> tables,
        List<TableProblem> problems,
        List<TableProblem> inexact,
        List<TableProblem> zoned,
        List<TableProblem> warnings,
        List<AllowedValues> allowedValues) {

    public EntityTables {
        tables = List.copyOf(tables);
        problems = List.copyOf(problems);
        inexact = List.copyOf(inexact);
        zoned = List.copyOf(zoned);
        warnings = List.copyOf(warnings);
        allowedValues = List.copyOf(allowedValues);
    }

    /**
     * Reads the mapping. Does not touch the database.
     *
     * @param factory a factory made by Hibernate
     * @return the tables, ordered by entity; none if no entity is annotated
     * @throws jakarta.persistence.PersistenceException if the factory is not Hibernate's
     */
    public static EntityTables of(EntityManagerFactory factory) {
        SessionFactoryImplementor sessionFactory = factory.unwrap(SessionFactoryImplementor.class);
        HibernateModel.Quotes quotes = HibernateModel.quotes(sessionFactory);
        Findings findings = new Findings(quotes);
        KnownValues knownValues = new KnownValues(quotes);
        TableCollector collector = new TableCollector(quotes, findings, knownValues);
        for (EntityPersister entity : HibernateModel.entities(sessionFactory)) {
            if (HibernateModel.isReplicated(entity)) {
                collector.add(entity);
                IdentifierCheck.check(entity, findings);
            } else {
                collector.addLocal(entity);
            }
        }
        collector.checkSharing();
        return new EntityTables(
                collector.tables(),
                findings.of(Kind.PROBLEM),
                findings.of(Kind.INEXACT),
                findings.of(Kind.ZONED),
                findings.of(Kind.WARNING),
                knownValues.all());
    }

    /**
     * All that the mapping rules out on this database.
     *
     * @param connection a connection as the persistence unit gets it
     * @return the problems, none if all is well
     * @throws SQLException if the database fails
     */
    public List<TableProblem> problems(Connection connection) throws SQLException {
        List<TableProblem> found = new ArrayList<>(problems);
        if (!zoned.isEmpty() && DatabaseCheck.storesDatesAsNumbers(connection)) {
            found.addAll(zoned);
        }
        for (TableProblem problem : inexact) {
            if (DatabaseCheck.makesNumbersOfText(connection, problem)) {
                found.add(problem);
            }
        }
        return found;
    }
}
