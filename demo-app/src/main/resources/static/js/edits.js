// What people do to a deck. Shows it at once, sends only what changed, and keeps what undoes it.

import { api } from './api.js';
import { reload } from './loading.js';
import { record } from './history.js';
import { component, currentSlide, dropOverlay, overlayFields, selected, state, update } from './store.js';
import { select } from './loading.js';
import { toast } from './toasts.js';

const queues = new Map();

/** Does one thing after the other to a component, so that its edits arrive in the order in which they were made. */
function inOrder(id, work) {
  const next = (queues.get(id) ?? Promise.resolve()).then(work, work);
  queues.set(id, next);
  next.catch(() => {}).finally(() => queues.get(id) === next && queues.delete(id));
  return next;
}

/** Runs something that may fail, and says so if it does. */
export async function attempt(work) {
  try {
    return await work();
  } catch (failure) {
    toast(failure.status ? failure.message : 'This instance cannot be reached.', 'error');
    await reload();
    return undefined;
  }
}

/** The fields in which the second differs from the first. */
function difference(before, after) {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value));
}

/**
 * Changes components.
 *
 * @param {Map<string, object>} changes the new fields by component
 * @param {Map<string, object>} [from] the fields before, if they are not those that are shown
 */
export async function change(changes, from) {
  const undo = new Map();
  const redo = new Map();
  for (const [id, fields] of changes) {
    const before = from?.get(id) ?? component(id);
    if (before) {
      const changed = difference(before, fields);
      if (Object.keys(changed).length) {
        redo.set(id, changed);
        undo.set(id, Object.fromEntries(Object.keys(changed).map((name) => [name, before[name]])));
      }
    }
  }
  if (redo.size) {
    record({ undo: () => send(undo), redo: () => send(redo) });
    await send(redo);
  }
}

async function send(changes) {
  await Promise.all(
    [...changes].map(([id, fields]) => {
      const now = current(id);
      overlayFields(now, fields);
      return inOrder(now, () => attempt(() => api.change(now, fields))).finally(() => dropOverlay(now, fields));
    }),
  );
}

// A component that was deleted and brought back by undo has another identifier then.

const successors = new Map();

function current(id) {
  let now = id;
  while (successors.has(now)) {
    now = successors.get(now);
  }
  return now;
}

const FIELDS = ['type', 'content', 'x', 'y', 'w', 'h', 'rotation', 'fill', 'ink', 'fontSize'];

function fieldsOf(each) {
  return Object.fromEntries(FIELDS.map((name) => [name, each[name]]));
}

/** Adds components to the open slide and selects them. */
export async function add(components) {
  const slideId = state.slideId;
  if (!slideId) {
    return [];
  }
  const added = await attempt(() => api.paste(slideId, components));
  if (!added) {
    return [];
  }
  const ids = added.map((each) => each.id);
  record({ undo: () => erase(ids), redo: () => restore(slideId, ids, components) });
  await reload();
  select(ids);
  return ids;
}

async function restore(slideId, ids, components) {
  const added = await attempt(() => api.paste(slideId, components));
  added?.forEach((each, i) => successors.set(current(ids[i]), each.id));
  await reload();
}

async function erase(ids) {
  await attempt(() => Promise.all(ids.map((id) => api.deleteComponent(current(id)).catch(unlessGone))));
  await reload();
}

function unlessGone(failure) {
  if (failure.status !== 404) {
    throw failure;
  }
}

/** Deletes what is selected. */
export async function removeSelected() {
  const gone = selected();
  if (gone.length) {
    const slideId = state.slideId;
    const ids = gone.map((each) => each.id);
    const components = gone.map(fieldsOf);
    record({ undo: () => restore(slideId, ids, components), redo: () => erase(ids) });
    select([]);
    await erase(ids);
  }
}

/** Copies what is selected, a little to the side. */
export function duplicateSelected() {
  return add(selected().map((each) => ({ ...fieldsOf(each), x: each.x + 20, y: each.y + 20 })));
}

/** Changes fields of everything that is selected. */
export function changeSelected(fieldsFor) {
  return change(new Map(selected().map((each) => [each.id, fieldsFor(each)])));
}

export async function toFront() {
  await attempt(async () => {
    for (const each of selected()) {
      await api.placeComponent(each.id, null);
    }
  });
  await reload();
}

export async function toBack() {
  const rest = currentSlide().components.filter((each) => !state.selection.has(each.id));
  if (rest.length) {
    await attempt(async () => {
      for (const each of selected()) {
        await api.placeComponent(each.id, rest[0].id);
      }
    });
    await reload();
  }
}

export async function newSlide() {
  const slides = state.deck.slides;
  const index = slides.findIndex((slide) => slide.id === state.slideId);
  const added = await attempt(() => api.newSlide(state.deck.id, slides[index + 1]?.id ?? null));
  if (added) {
    await reload();
  }
  return added?.id;
}

export async function removeSlide(id) {
  await attempt(() => api.deleteSlide(id));
  await reload();
}

/** Moves a slide to an index among the others. */
export async function moveSlide(id, index) {
  const others = state.deck.slides.filter((slide) => slide.id !== id);
  const moved = state.deck.slides.find((slide) => slide.id === id);
  const before = others[index]?.id ?? null;
  others.splice(index, 0, moved);
  update({ deck: { ...state.deck, slides: others } }); // shown at once
  await attempt(() => api.placeSlide(id, before));
  await reload();
}
