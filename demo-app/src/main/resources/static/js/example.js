// A presentation to begin with.

import { api } from './api.js';

const INK = '#0f172a';
const SOFT = '#64748b';

const text = (content, x, y, w, h, fontSize, ink = INK) => ({ type: 'text', content, x, y, w, h, fontSize, ink });
const title = (content, x, y, w, h, fontSize = 44, ink = INK) => ({ type: 'title', content, x, y, w, h, fontSize, ink });
const shape = (type, x, y, w, h, fill, content = '', fontSize = 24, ink = '#ffffff', rotation = 0) =>
  ({ type, content, x, y, w, h, fill, ink, fontSize, rotation });

const SLIDES = [
  [
    shape('rectangle', 0, 0, 960, 540, '#eef2ff'),
    shape('ellipse', 640, -120, 460, 460, '#c7d2fe'),
    shape('ellipse', 730, 250, 230, 230, '#99f6e4'),
    shape('ellipse', 560, 330, 120, 120, '#fbcfe8'),
    title('Everybody edits.\nNobody waits.', 80, 150, 560, 150, 60),
    text('One presentation, a database for each of us', 82, 325, 520, 50, 24, SOFT),
    shape('line', 84, 120, 90, 6, '#6366f1'),
  ],
  [
    title('Apart and together', 80, 50, 800, 70),
    shape('rectangle', 80, 190, 230, 130, '#6366f1', 'Ann, on a train', 24),
    shape('rectangle', 650, 190, 230, 130, '#14b8a6', 'Bob, at his desk', 24),
    shape('arrow', 335, 205, 290, 46, '#c7d2fe'),
    shape('arrow', 335, 260, 290, 46, '#99f6e4', '', 24, '#ffffff', 180),
    text('Each writes to a SQLite file of their own. What changed travels when it can, in any order, over any route.', 80, 390, 800, 90, 26, SOFT),
  ],
  [
    title('Column by column', 80, 50, 800, 70),
    shape('rectangle', 80, 170, 240, 60, '#e2e8f0', 'moved by Ann', 22, INK),
    shape('rectangle', 80, 250, 240, 60, '#e2e8f0', 'coloured by Bob', 22, INK),
    shape('rectangle', 80, 330, 240, 60, '#e2e8f0', 'rewritten by Cleo', 22, INK),
    shape('arrow', 360, 240, 160, 80, '#f59e0b'),
    shape('star', 580, 150, 280, 265, '#f43f5e', 'all three', 30),
    text('Only edits of the very same thing compete.', 80, 440, 800, 50, 26, SOFT),
  ],
  [
    shape('rectangle', 0, 0, 960, 540, '#0f172a'),
    title('Cut this instance off.', 80, 180, 800, 80, 52, '#ffffff'),
    text('Edit on both sides. Switch it back. Watch.', 80, 270, 800, 50, 28, '#94a3b8'),
    shape('triangle', 800, 380, 110, 95, '#6366f1', '', 24, '#ffffff', 15),
  ],
];

/** Makes the presentation, and returns its identifier. */
export async function makeExample() {
  const deck = await api.newDeck('Everybody edits');
  for (const components of SLIDES) {
    const slide = await api.newSlide(deck.id, null);
    await api.paste(slide.id, components);
  }
  return deck.id;
}
