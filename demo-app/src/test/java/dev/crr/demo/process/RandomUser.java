package dev.crr.demo.process;

import java.util.Random;

/** A user of one instance who does something at random. */
record RandomUser(Editor editor, InstanceFile file, Random random, Keys keys) {

    void edit() {
        String deck = keys.any();
        String slide = keys.any();
        String component = keys.any();
        switch (random.nextInt(10)) {
            case 0, 1 -> keys.add(editor.newDeck(text()));
            case 2, 3 -> ifThere("deck", deck, () -> keys.add(editor.newSlide(deck)));
            case 4, 5 -> ifThere("slide", slide, () -> keys.add(editor.newComponent(slide, text())));
            case 6 -> ifThere("deck", deck, () -> editor.renameDeck(deck, text()));
            case 7 -> ifThere("deck", deck, () -> editor.deleteDeck(deck));
            case 8 -> ifThere("component", component, () -> editor.change(component, "x", random.nextInt(4) / 2.0));
            default -> ifThere("component", component, () -> editor.deleteComponent(component));
        }
    }

    private void ifThere(String table, String key, Runnable edit) {
        if (file.has(table, key)) {
            edit.run();
        }
    }

    private String text() {
        return "text " + random.nextInt(5);
    }
}
