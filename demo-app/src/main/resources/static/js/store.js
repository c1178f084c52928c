// What the page knows, and who is to be told when that changes.

export const state = {
  /** @type {{id: string, name: string}[]} */
  decks: [],
  /** The open deck as the instance last told it, with `overlay` on top. */
  deck: null,
  slideId: null,
  /** @type {Set<string>} identifiers of components; this window's own */
  selection: new Set(),
  /** The component whose text is being edited here. */
  editing: null,
  sync: null,
  incoming: [],
  unseen: 0,
  online: true,
  loaded: false,
  canUndo: false,
  canRedo: false,
};

const listeners = [];
let scheduled = false;

/** Calls a function after every change of the state, once per turn. */
export function onChange(listener) {
  listeners.push(listener);
}

/** Changes the state. */
export function update(changes = {}) {
  Object.assign(state, changes);
  if (!scheduled) {
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      listeners.forEach((listener) => listener(state));
    });
  }
}

export function currentSlide() {
  return state.deck?.slides.find((slide) => slide.id === state.slideId) ?? null;
}

export function component(id) {
  return currentSlide()?.components.find((each) => each.id === id) ?? null;
}

/** The selected components, from back to front. */
export function selected() {
  return currentSlide()?.components.filter((each) => state.selection.has(each.id)) ?? [];
}

// Edits made here that the instance has not confirmed: they stay on top of whatever it tells meanwhile.

const overlay = new Map();

/** Shows fields of a component before the instance knows of them. */
export function overlayFields(id, fields) {
  const layers = overlay.get(id) ?? [];
  layers.push(fields);
  overlay.set(id, layers);
  applyOverlay();
  update();
}

export function dropOverlay(id, fields) {
  const layers = (overlay.get(id) ?? []).filter((each) => each !== fields);
  if (layers.length) {
    overlay.set(id, layers);
  } else {
    overlay.delete(id);
  }
}

export function applyOverlay() {
  for (const slide of state.deck?.slides ?? []) {
    for (const each of slide.components) {
      overlay.get(each.id)?.forEach((fields) => Object.assign(each, fields));
    }
  }
}
