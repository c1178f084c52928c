// What keys do, and the dialog that tells so.

import { el, isTyping } from './dom.js';
import { changeSelected, duplicateSelected, removeSelected } from './edits.js';
import { redo, undo } from './history.js';
import { icon } from './icons.js';
import { select } from './loading.js';
import { step } from './slides.js';
import { edit } from './stage.js';
import { currentSlide, selected, state } from './store.js';
import { put, toolFor } from './tools.js';

const HELP = [
  ['Tab', 'from component to component'],
  ['Arrow keys', 'move (with Shift: a little)'],
  ['Alt + arrow keys', 'resize; on a thumbnail: move the slide'],
  ['[ and ]', 'rotate'],
  ['Enter', 'edit the text; Escape ends it'],
  ['Delete', 'delete'],
  ['Escape', 'select nothing'],
  ['H T R E G S A L', 'add title, text, rectangle, ellipse, triangle, star, arrow, line'],
  ['Ctrl + D', 'duplicate'],
  ['Ctrl + A', 'select all'],
  ['Ctrl + Z, Ctrl + Shift + Z', 'undo, redo'],
  ['Page Up, Page Down', 'previous and next slide'],
  ['?', 'this list'],
];

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKeyDown(event) {
  if (isTyping(event.target) || document.querySelector('dialog[open]') || event.defaultPrevented) {
    return;
  }
  const action = event.ctrlKey || event.metaKey ? withControl(event) : plain(event);
  if (action) {
    event.preventDefault();
    action();
  }
}

function withControl(event) {
  switch (event.key.toLowerCase()) {
    case 'z':
      return event.shiftKey ? redo : undo;
    case 'y':
      return redo;
    case 'd':
      return duplicateSelected;
    case 'a':
      return () => select(currentSlide()?.components.map((each) => each.id) ?? []);
    default:
      return null;
  }
}

function plain(event) {
  const some = selected().length > 0;
  const direction = ARROWS[event.key];
  if (direction) {
    return some && isOnStage(event.target) ? () => nudge(direction, event) : null;
  }
  switch (event.key) {
    case 'Delete':
    case 'Backspace':
      return some ? removeSelected : null;
    case 'Escape':
      return () => {
        select([]);
        document.getElementById('stage').focus({ preventScroll: true });
      };
    case 'Enter':
      return some && event.target.closest('.item') ? () => edit(event.target.closest('.item').dataset.key) : null;
    case '[':
      return () => turn(-15);
    case ']':
      return () => turn(15);
    case 'PageUp':
      return () => step(-1);
    case 'PageDown':
      return () => step(1);
    case '?':
      return showHelp;
    default: {
      const tool = event.altKey ? null : toolFor(event.key);
      return tool && state.deck ? () => put(tool) : null;
    }
  }
}

function isOnStage(target) {
  return target === document.body || Boolean(target.closest('.stage'));
}

function nudge([x, y], event) {
  const by = event.shiftKey ? 1 : 10;
  if (event.altKey) {
    changeSelected((each) => ({ w: Math.max(10, each.w + x * by), h: Math.max(4, each.h + y * by) }));
  } else {
    changeSelected((each) => ({ x: each.x + x * by, y: each.y + y * by }));
  }
}

function turn(by) {
  changeSelected((each) => ({ rotation: (((each.rotation + by) % 360) + 360) % 360 }));
}

function showHelp() {
  document.getElementById('help').showModal();
}

export function start() {
  const dialog = document.getElementById('help');
  const close = el('button', { class: 'icon-button', 'aria-label': 'Close', onClick: () => dialog.close() }, icon('close'));
  dialog.append(
    el('div', { class: 'panel-head' }, el('h2', { id: 'help-title', text: 'Keyboard' }), close),
    el('dl', {}, ...HELP.map(([keys, words]) => el('div', {}, el('dt', {}, el('kbd', { text: keys })), el('dd', { text: words })))),
  );
  const button = document.getElementById('show-help');
  button.append(icon('help'));
  button.addEventListener('click', showHelp);
  document.addEventListener('keydown', onKeyDown);
}
