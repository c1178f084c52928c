package dev.crr.demo.live;

import java.util.List;

/**
 * How this instance and its peers are.
 *
 * @param name what this instance is called
 * @param siteId its database
 * @param connected whether the switch to the peers is on
 * @param peers the peers
 */
record SyncView(String name, String siteId, boolean connected, List<PeerView> peers) {}
