// Starts the editor.

import * as decks from './decks.js';
import { listen } from './events.js';
import * as incoming from './incoming.js';
import * as inspector from './inspector.js';
import * as keyboard from './keyboard.js';
import * as slides from './slides.js';
import * as stage from './stage.js';
import { update } from './store.js';
import * as sync from './sync.js';
import * as tools from './tools.js';

for (const part of [decks, slides, stage, tools, inspector, incoming, keyboard, sync]) {
  part.start();
}
update();
listen();
