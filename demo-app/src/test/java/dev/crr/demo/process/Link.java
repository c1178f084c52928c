package dev.crr.demo.process;

/** What connects two instances, each of which is the other's peer. */
record Link(CuttableProxy there, CuttableProxy back) {

    void cut() {
        there.cut();
        back.cut();
    }

    void reopen() {
        there.reopen();
        back.reopen();
    }
}
