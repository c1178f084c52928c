// The slides of the open deck as thumbnails: to open, move and delete them.

import { attribute, el, keyed } from './dom.js';
import { moveSlide, newSlide, removeSlide } from './edits.js';
import { icon } from './icons.js';
import { openSlide } from './loading.js';
import { blank, paint } from './paint.js';
import { onChange, state } from './store.js';

const list = document.getElementById('slides');
const addButton = document.getElementById('new-slide');
let dragged = null;

function create(slide) {
  const paper = el('span', { class: 'paper', 'aria-hidden': 'true' });
  const open = el('button', { class: 'slide-open' }, paper);
  open.addEventListener('click', () => openSlide(slide.id));
  open.addEventListener('keydown', (event) => onKey(event, slide.id));
  const remove = el('button', { class: 'icon-button slide-delete', tabindex: '-1' }, icon('trash'));
  remove.addEventListener('click', () => removeSlide(slide.id));
  const node = el('li', { class: 'slide', draggable: 'true' }, el('span', { class: 'slide-number' }), open, remove);
  node.addEventListener('dragstart', (event) => {
    dragged = slide.id;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', '');
    node.classList.add('dragged');
  });
  node.addEventListener('dragend', () => {
    dragged = null;
    node.classList.remove('dragged');
    mark(null);
  });
  node.addEventListener('dragover', (event) => {
    if (dragged && dragged !== slide.id) {
      event.preventDefault();
      mark(node, isAfter(event, node));
    }
  });
  node.addEventListener('drop', (event) => {
    event.preventDefault();
    if (dragged) {
      const others = state.deck.slides.filter((each) => each.id !== dragged);
      const index = others.findIndex((each) => each.id === slide.id);
      moveSlide(dragged, isAfter(event, node) ? index + 1 : index);
    }
  });
  return node;
}

function isAfter(event, node) {
  const box = node.getBoundingClientRect();
  const across = getComputedStyle(list).flexDirection === 'row';
  return across ? event.clientX > box.left + box.width / 2 : event.clientY > box.top + box.height / 2;
}

function mark(node, after) {
  for (const each of list.children) {
    each.classList.toggle('drop-before', each === node && !after);
    each.classList.toggle('drop-after', each === node && after);
  }
}

function onKey(event, id) {
  const index = state.deck.slides.findIndex((slide) => slide.id === id);
  const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
  if (step) {
    event.preventDefault();
    event.stopPropagation();
    const to = index + step;
    if (to < 0 || to >= state.deck.slides.length) {
      return;
    }
    if (event.altKey) {
      moveSlide(id, to);
    } else {
      focusSlide(state.deck.slides[to].id);
    }
  } else if (event.key === 'Delete' || event.key === 'Backspace') {
    event.preventDefault();
    event.stopPropagation();
    const next = state.deck.slides[index + 1] ?? state.deck.slides[index - 1];
    removeSlide(id).then(() => next && focusSlide(next.id));
  }
}

/** Opens a slide and puts the focus on its thumbnail. */
export function focusSlide(id) {
  openSlide(id);
  list.querySelector(`[data-key="${CSS.escape(id)}"] .slide-open`)?.focus();
}

/** Opens the slide before or after the open one. */
export function step(by) {
  const index = state.deck?.slides.findIndex((slide) => slide.id === state.slideId) ?? -1;
  const to = state.deck?.slides[index + by];
  if (to) {
    openSlide(to.id);
  }
}

function render() {
  addButton.disabled = !state.deck;
  keyed(list, state.deck?.slides ?? [], (slide) => slide.id, create, (node, slide, index) => {
    const [number, open, remove] = node.children;
    const current = slide.id === state.slideId;
    number.textContent = index + 1;
    attribute(open, 'aria-current', current ? 'true' : null);
    attribute(open, 'aria-label', `Slide ${index + 1}`);
    attribute(open, 'tabindex', current ? '0' : '-1');
    attribute(remove, 'aria-label', `Delete slide ${index + 1}`);
    if (current && node.dataset.current !== 'true') {
      node.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    node.dataset.current = current;
    keyed(open.firstChild, slide.components, (each) => each.id, () => blank('span'), (item, each) => paint(item, each));
  });
}

export function start() {
  addButton.append(icon('plus'));
  addButton.addEventListener('click', async () => {
    const id = await newSlide();
    if (id) {
      focusSlide(id);
    }
  });
  onChange(render);
}
