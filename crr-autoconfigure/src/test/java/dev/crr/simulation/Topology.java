package dev.crr.simulation;

/** Who exchanges with whom. */
enum Topology {
    MESH,
    STAR,
    LINE,
    RING;

    boolean links(int one, int other, int replicas) {
        int distance = Math.abs(one - other);
        return distance > 0
                && switch (this) {
                    case MESH -> true;
                    case STAR -> one == 0 || other == 0;
                    case LINE -> distance == 1;
                    case RING -> distance == 1 || distance == replicas - 1;
                };
    }
}
