// What can be put on a slide, and undo.

import { attribute, el } from './dom.js';
import { add } from './edits.js';
import { redo, undo } from './history.js';
import { icon } from './icons.js';
import { edit, focusItem } from './stage.js';
import { currentSlide, onChange, state } from './store.js';

const TOOLS = {
  title: { key: 'h', w: 800, h: 90, content: 'Title', fontSize: 56 },
  text: { key: 't', w: 360, h: 60, content: 'Text', fontSize: 26 },
  rectangle: { key: 'r', w: 220, h: 140, fill: '#6366f1', ink: '#ffffff' },
  ellipse: { key: 'e', w: 180, h: 180, fill: '#14b8a6', ink: '#ffffff' },
  triangle: { key: 'g', w: 180, h: 160, fill: '#f59e0b', ink: '#ffffff' },
  star: { key: 's', w: 180, h: 170, fill: '#f43f5e', ink: '#ffffff' },
  arrow: { key: 'a', w: 220, h: 100, fill: '#0ea5e9', ink: '#ffffff' },
  line: { key: 'l', w: 320, h: 4, fill: '#334155' },
};

/** Puts something new on the open slide, not quite where the last one went. */
export async function put(type) {
  const { key, ...fields } = TOOLS[type];
  const slide = currentSlide();
  if (!slide) {
    return;
  }
  const offset = (slide.components.length % 6) * 16;
  const [id] = await add([{ type, ...fields, x: (960 - fields.w) / 2 + offset, y: (540 - fields.h) / 2 + offset }]);
  if (id) {
    focusItem(id);
    if (type === 'text' || type === 'title') {
      edit(id);
    }
  }
}

/** The kind of thing that a key stands for. */
export function toolFor(key) {
  return Object.keys(TOOLS).find((type) => TOOLS[type].key === key.toLowerCase());
}

export function start() {
  const bar = document.getElementById('tools');
  const button = (name, label, onClick) =>
    el('button', { class: 'tool', 'aria-label': label, title: label, onClick }, icon(name));
  const tools = Object.entries(TOOLS).map(([type, { key }]) =>
    button(type, `Add ${type} (${key.toUpperCase()})`, () => put(type)));
  const undoButton = button('undo', 'Undo (Ctrl+Z)', undo);
  const redoButton = button('redo', 'Redo (Ctrl+Shift+Z)', redo);
  bar.append(...tools, el('span', { class: 'gap', role: 'separator' }), undoButton, redoButton);
  onChange(() => {
    tools.forEach((tool) => attribute(tool, 'disabled', currentSlide() ? null : ''));
    undoButton.disabled = !state.canUndo;
    redoButton.disabled = !state.canRedo;
  });
}
