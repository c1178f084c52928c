package dev.crr.demo.live;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How this instance and its peers are.
 *
 * @param name what this instance is called
 * @param siteId its database
 * @param user who is logged in; null if there is no login
 * @param connected whether the switch to the peers is on
 * @param peers the peers
 */
record SyncView(String name, String siteId, @Nullable String user, boolean connected, List<PeerView> peers) {}
