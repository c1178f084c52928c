package dev.crr.demo;

import java.util.List;

/** A slide as the API shows it. */
record SlideView(String id, int order, List<ComponentView> components) {}
