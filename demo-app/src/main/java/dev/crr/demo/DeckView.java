package dev.crr.demo;

import java.util.List;

/** A whole deck as the API shows it. */
record DeckView(String id, String name, List<SlideView> slides) {}
