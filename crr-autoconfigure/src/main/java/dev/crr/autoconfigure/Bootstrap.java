package dev.crr.autoconfigure;

import dev.crr.CrrException;
import dev.crr.engine.CrrEngine;
import dev.crr.engine.Snapshots;
import dev.crr.sync.SnapshotClient;
import java.io.IOException;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;

/**
 * Lets a new instance begin with a copy of a peer's database. What is under way stands in a file beside it, and takes its place
 * only when it is whole and has an identity of its own: a kill at any moment leaves no database, and the next start begins anew.
 */
final class Bootstrap implements InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);

    private final SqliteFile file;
    private final String peer;
    private final SnapshotClient client;

    Bootstrap(SqliteFile file, String peer, SnapshotClient client) {
        this.file = file;
        this.peer = peer;
        this.client = client;
    }

    @Override
    public void afterPropertiesSet() {
        try {
            if (file.exists()) {
                log.debug("{} exists, and goes on from where it is", file.path());
                return;
            }
            begin();
        } catch (CrrException | IOException | SQLException e) {
            throw new BootstrapFailedException(peer, file.path(), e);
        }
    }

    private void begin() throws IOException, SQLException {
        log.info("{} does not exist yet: fetching a snapshot from peer \"{}\"", file.path(), peer);
        SqliteFile arriving = file.beside("-bootstrap");
        arriving.delete();
        client.fetch(arriving.path());
        CrrEngine.Identity identity = Snapshots.adopt(arriving.path());
        file.deleteCompanions();
        arriving.moveTo(file);
        log.info(
                "{} is a copy of the database of peer \"{}\" now, at version {} and with the site id {} of its own",
                file.path(),
                peer,
                identity.version(),
                identity.siteId());
    }
}
