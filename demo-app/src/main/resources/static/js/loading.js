// Fetches the decks and the open one, whenever something changed.

import { api, ApiError } from './api.js';
import { applyOverlay, state, update } from './store.js';
import { remember } from './words.js';
import { toast } from './toasts.js';

let running = null;
let again = false;

/** Fetches everything that is shown. Calls that come while one is on its way share the next. */
export function reload() {
  if (running) {
    again = true;
    return running;
  }
  running = (async () => {
    do {
      again = false;
      await fetchAll();
    } while (again);
  })().finally(() => (running = null));
  return running;
}

async function fetchAll() {
  try {
    const decks = await api.decks();
    let wanted = state.deck?.id || decodeURIComponent(location.hash.slice(1));
    if (wanted && !decks.some((deck) => deck.id === wanted)) {
      if (state.deck) {
        toast(`“${state.deck.name}” is gone: somebody deleted it.`);
      }
      wanted = null;
    }
    const deck = await whole(wanted || decks[0]?.id);
    await show(decks, deck);
  } catch (failure) {
    if (failure instanceof ApiError) {
      throw failure;
    }
    update({ online: false }); // the event stream comes back by itself, and then so does this
  }
}

async function whole(id) {
  try {
    return id ? await api.deck(id) : null;
  } catch (failure) {
    if (failure.status === 404) {
      return null; // deleted just now: the next news tells so
    }
    throw failure;
  }
}

async function show(decks, deck) {
  const other = deck?.id !== state.deck?.id;
  if (deck) {
    remember(deck);
  }
  const slides = deck?.slides ?? [];
  let slideId = state.slideId;
  if (other) {
    slideId = deck ? (await api.selectedSlides(deck.id)).selected[0] : null;
  }
  if (!slides.some((slide) => slide.id === slideId)) {
    const index = state.deck?.slides.findIndex((slide) => slide.id === slideId) ?? -1;
    slideId = (slides[Math.min(Math.max(index, 0), slides.length - 1)] ?? null)?.id ?? null;
  }
  const moved = slideId !== state.slideId;
  update({ decks, deck, slideId, loaded: true, online: true });
  applyOverlay();
  if (moved) {
    await restoreSelection(slideId);
  }
  prune();
}

async function restoreSelection(slideId) {
  update({ selection: new Set(), editing: null });
  if (slideId) {
    const { selected } = await api.selectedComponents(slideId);
    if (state.slideId === slideId && state.selection.size === 0) {
      update({ selection: new Set(selected) });
    }
  }
}

/** Forgets the selection of what is not there any more. */
function prune() {
  const there = new Set(
    state.deck?.slides.find((slide) => slide.id === state.slideId)?.components.map((each) => each.id),
  );
  if (state.editing && !there.has(state.editing)) {
    toast('What you were editing is gone: somebody deleted it.');
    update({ editing: null });
  }
  update({ selection: new Set([...state.selection].filter((id) => there.has(id))) });
}

export async function openDeck(id) {
  location.hash = id;
  update({ deck: null, slideId: null, selection: new Set(), editing: null });
  await reload();
}

export async function openSlide(slideId) {
  if (slideId === state.slideId) {
    return;
  }
  update({ slideId });
  await Promise.all([restoreSelection(slideId), api.selectSlides(state.deck.id, [slideId])]);
}

/** Selects components, for this window now and for this instance after a reload. */
export function select(ids) {
  const same = ids.length === state.selection.size && ids.every((id) => state.selection.has(id));
  if (!same) {
    update({ selection: new Set(ids) });
    api.selectComponents(state.slideId, ids).catch(() => {});
  }
}
