package dev.crr.demo;

/** A component as the API shows it. */
record ComponentView(
        String id,
        String type,
        String content,
        double x,
        double y,
        double w,
        double h,
        double rotation,
        String fill,
        String ink,
        double fontSize) {}
