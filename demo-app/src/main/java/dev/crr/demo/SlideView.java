package dev.crr.demo;

import java.util.List;

/** A slide as the API shows it, its components from back to front. */
record SlideView(String id, String position, List<ComponentView> components) {}
