// The open slide: select, move, resize, rotate and edit what is on it.

import { attribute, el, keyed } from './dom.js';
import { change } from './edits.js';
import { aligned, angle, around, moved, resized } from './geometry.js';
import { select } from './loading.js';
import { blank, HEIGHT, paint, WIDTH } from './paint.js';
import { component, currentSlide, dropOverlay, onChange, overlayFields, selected, state, update } from './store.js';
import { kind, short } from './words.js';

const stage = document.getElementById('stage');
const SLIDE = { x: 0, y: 0, w: WIDTH, h: HEIGHT };
const EDGES = [[-1, -1], [0, -1], [1, -1], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0]];

const items = el('div', { class: 'items', role: 'presentation' });
const frame = el('div', { class: 'frame', 'aria-hidden': 'true', hidden: true },
  el('span', { class: 'handle rotate', 'data-rotate': 'true' }),
  ...EDGES.map(([x, y]) => el('span', { class: 'handle', 'data-x': x, 'data-y': y })));
const guideX = el('span', { class: 'guide guide-x', 'aria-hidden': 'true', hidden: true });
const guideY = el('span', { class: 'guide guide-y', 'aria-hidden': 'true', hidden: true });

function nodeOf(id) {
  return items.querySelector(`[data-key="${CSS.escape(id)}"]`);
}

/** Puts the focus on a component. */
export function focusItem(id) {
  nodeOf(id)?.focus({ preventScroll: true });
}

// Editing text in place

/** Lets people type into a component. */
export function edit(id) {
  const node = nodeOf(id);
  const item = component(id);
  if (!node || !item || state.editing === id || item.type === 'line') {
    return;
  }
  const label = node.lastChild;
  const before = item.content;
  update({ editing: id });
  label.setAttribute('contenteditable', 'plaintext-only');
  label.setAttribute('role', 'textbox');
  label.setAttribute('aria-multiline', 'true');
  label.setAttribute('aria-label', 'Text');
  label.focus();
  getSelection().selectAllChildren(label);
  const onKeyDown = (event) => {
    event.stopPropagation();
    if (event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      node.focus();
    }
  };
  label.addEventListener('keydown', onKeyDown);
  label.addEventListener('blur', () => {
    label.removeEventListener('keydown', onKeyDown);
    ['contenteditable', 'role', 'aria-multiline', 'aria-label'].forEach((name) => label.removeAttribute(name));
    const content = label.innerText.replace(/\n$/, '');
    update({ editing: state.editing === id ? null : state.editing });
    if (content !== before) {
      change(new Map([[id, { content }]]), new Map([[id, { content: before }]]));
    }
  }, { once: true });
}

// Pointers

function onSlide(event) {
  const box = stage.getBoundingClientRect();
  return { x: ((event.clientX - box.left) / box.width) * WIDTH, y: ((event.clientY - box.top) / box.height) * HEIGHT };
}

function onPointerDown(event) {
  if (event.button !== 0) {
    return;
  }
  const handle = event.target.closest('.handle');
  const node = event.target.closest('.item');
  if (node && node.dataset.key === state.editing) {
    return;
  }
  if (handle) {
    drag(event, selected(), handle.dataset.rotate ? turning : resizing(handle));
  } else if (node) {
    const id = node.dataset.key;
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      const others = [...state.selection].filter((each) => each !== id);
      select(others.length === state.selection.size ? [...others, id] : others);
    } else if (!state.selection.has(id)) {
      select([id]);
    }
    node.focus({ preventScroll: true });
    drag(event, selected(), moving);
  } else {
    select([]);
    stage.focus({ preventScroll: true });
  }
}

const resizing = (handle) => ([item], by, event) =>
  new Map([[item.id, resized(item, { x: Number(handle.dataset.x), y: Number(handle.dataset.y) }, by, event.shiftKey)]]);

function turning([item], by, event) {
  return new Map([[item.id, { rotation: angle(item, onSlide(event), event.shiftKey) }]]);
}

function moving(boxes, by, event) {
  const others = currentSlide().components.filter((each) => !state.selection.has(each.id) && !each.rotation);
  const { by: to, guides } = event.altKey ? { by, guides: {} } : aligned(around(boxes), by, [SLIDE, ...others]);
  showGuides(guides);
  return new Map(boxes.map((box) => [box.id, moved(box, to)]));
}

function showGuides({ x, y }) {
  guideX.hidden = x === undefined;
  guideY.hidden = y === undefined;
  guideX.style.left = `${((x ?? 0) / WIDTH) * 100}%`;
  guideY.style.top = `${((y ?? 0) / HEIGHT) * 100}%`;
}

/** Follows the pointer until it is let go. What others change meanwhile appears, except where it is being dragged. */
function drag(down, from, fieldsAt) {
  const start = onSlide(down);
  const boxes = from.map((each) => ({ ...each }));
  let fields = null;
  let layers = [];
  const drop = () => {
    layers.forEach(([id, layer]) => dropOverlay(id, layer));
    layers = [];
  };
  const onMove = (event) => {
    if (event.pointerId !== down.pointerId) {
      return;
    }
    const now = onSlide(event);
    const by = { x: now.x - start.x, y: now.y - start.y };
    if (!fields && Math.hypot(by.x, by.y) < 3) {
      return;
    }
    fields = fieldsAt(boxes, by, event);
    drop();
    layers = [...fields];
    layers.forEach(([id, layer]) => overlayFields(id, layer));
  };
  const onEnd = (event) => {
    stage.removeEventListener('pointermove', onMove);
    stage.removeEventListener('pointerup', onEnd);
    stage.removeEventListener('pointercancel', onEnd);
    showGuides({});
    drop();
    if (fields && event.type === 'pointerup') {
      change(fields, new Map(boxes.map((box) => [box.id, box])));
    } else {
      boxes.forEach((box) => Object.assign(component(box.id) ?? {}, box));
      update();
    }
  };
  stage.setPointerCapture(down.pointerId);
  stage.addEventListener('pointermove', onMove);
  stage.addEventListener('pointerup', onEnd);
  stage.addEventListener('pointercancel', onEnd);
}

// Drawing

function create() {
  const node = blank();
  node.setAttribute('role', 'option');
  node.tabIndex = 0;
  node.addEventListener('focus', () => {
    if (!state.selection.has(node.dataset.key)) {
      select([node.dataset.key]);
    }
  });
  return node;
}

function describe(item) {
  const content = short(item.content);
  return content ? `${kind(item.type)}: ${content}` : kind(item.type);
}

function render() {
  const slide = currentSlide();
  stage.hidden = !slide;
  const index = state.deck?.slides.findIndex((each) => each.id === state.slideId) ?? -1;
  attribute(stage, 'aria-label', `Slide ${index + 1}`);
  keyed(items, slide?.components ?? [], (each) => each.id, create, (node, item) => {
    paint(node, item, state.editing === item.id);
    attribute(node, 'aria-selected', state.selection.has(item.id));
    attribute(node, 'aria-label', describe(item));
    node.classList.toggle('editing', state.editing === item.id);
  });
  const [only, ...more] = selected();
  frame.hidden = !only || more.length > 0 || state.editing === only.id;
  if (!frame.hidden) {
    frame.style.left = `${(only.x / WIDTH) * 100}%`;
    frame.style.top = `${(only.y / HEIGHT) * 100}%`;
    frame.style.width = `${(only.w / WIDTH) * 100}%`;
    frame.style.height = `${(only.h / HEIGHT) * 100}%`;
    frame.style.transform = `rotate(${only.rotation}deg)`;
  }
}

export function start() {
  stage.append(items, frame, guideX, guideY);
  stage.addEventListener('pointerdown', onPointerDown);
  stage.addEventListener('dblclick', (event) => {
    const node = event.target.closest('.item');
    const id = node?.dataset.key ?? (event.target.closest('.frame') && [...state.selection][0]);
    if (id) {
      edit(id);
    }
  });
  onChange(render);
}
