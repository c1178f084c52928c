// Undo and redo of what this window did. What others did stays.

import { update } from './store.js';

const LIMIT = 100;
let done = [];
let undone = [];

/** Notes something that was done, with what undoes it and what does it again. */
export function record(entry) {
  done = [...done, entry].slice(-LIMIT);
  undone = [];
  tell();
}

export async function undo() {
  const entry = done.pop();
  if (entry) {
    undone.push(entry);
    tell();
    await entry.undo();
  }
}

export async function redo() {
  const entry = undone.pop();
  if (entry) {
    done.push(entry);
    tell();
    await entry.redo();
  }
}

function tell() {
  update({ canUndo: done.length > 0, canRedo: undone.length > 0 });
}
