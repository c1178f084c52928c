package dev.crr.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** The databases between which a DataSource chooses by tenant, by load or by whatever else. */
final class RoutedDatabases {

    private static final Logger log = LoggerFactory.getLogger(RoutedDatabases.class);

    private static final String OTHER = "a database that is not SQLite";
    private static final String UNKNOWN = "databases that only show when they are used";

    private RoutedDatabases() {}

    /** Files, and what else there is, in words. Empty if the DataSource does not choose; one if all choices lead there. */
    static Set<String> of(DataSource dataSource) {
        Set<String> databases = new TreeSet<>();
        AbstractRoutingDataSource router = WrappedDataSource.router(dataSource);
        if (router != null) {
            for (DataSource each : choices(router)) {
                Set<String> nested = of(each);
                databases.addAll(nested.isEmpty() ? Set.of(database(each)) : nested);
            }
            if (databases.isEmpty()) {
                databases.addAll(Set.of(UNKNOWN, "the one that it leads to now"));
            }
        }
        return databases;
    }

    static boolean includeSqlite(Set<String> databases) {
        return databases.stream().anyMatch(each -> !each.equals(OTHER));
    }

    private static List<DataSource> choices(AbstractRoutingDataSource router) {
        List<DataSource> choices = new ArrayList<>();
        try {
            choices.addAll(router.getResolvedDataSources().values());
        } catch (IllegalStateException notByTheMap) {
            log.debug("{} does not tell between which databases it chooses", router, notByTheMap);
            return choices;
        }
        DataSource standard = router.getResolvedDefaultDataSource();
        if (standard != null) {
            choices.add(standard);
        }
        return choices;
    }

    private static String database(DataSource dataSource) {
        String url = PooledUrl.of(dataSource);
        SqliteFile file = url == null ? null : SqliteFile.of(url);
        if (file != null) {
            return file.real().toString();
        }
        if (url != null && !SqliteDatabase.isSqliteUrl(url)) {
            return OTHER;
        }
        try (Connection connection = dataSource.getConnection()) {
            return SqliteDatabase.isSqlite(connection) ? SqliteDatabase.file(connection) : OTHER;
        } catch (SQLException ex) {
            throw SqliteExceptions.translate("Find the database file", ex);
        }
    }
}
