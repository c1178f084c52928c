// The presentations of this instance.

import { api } from './api.js';
import { attribute, el, keyed, text } from './dom.js';
import { attempt } from './edits.js';
import { makeExample } from './example.js';
import { icon } from './icons.js';
import { openDeck, reload } from './loading.js';
import { onChange, state } from './store.js';

const list = document.getElementById('decks');
const nameField = document.getElementById('deck-name');
const panel = document.getElementById('decks-panel');
const showButton = document.getElementById('show-decks');
const empty = document.getElementById('empty');

/** Makes a presentation with a first slide, and opens it. */
export async function newDeck() {
  const deck = await attempt(() => api.newDeck('Untitled presentation'));
  if (deck) {
    const slide = await api.newSlide(deck.id, null);
    await api.paste(slide.id, [
      { type: 'title', content: 'A new beginning', x: 80, y: 190, w: 800, h: 90, fontSize: 56 },
      { type: 'text', content: 'Double-click to edit', x: 80, y: 285, w: 800, h: 50, ink: '#64748b' },
    ]);
    await openDeck(deck.id);
    showDecks(false);
    nameField.focus();
    nameField.select();
  }
}

async function deleteDeck(deck) {
  if (window.confirm(`Delete “${deck.name}” for everybody?`)) {
    await attempt(() => api.deleteDeck(deck.id));
    if (state.deck?.id === deck.id) {
      location.hash = '';
      await openDeck('');
    } else {
      await reload();
    }
  }
}

function showDecks(shown) {
  panel.classList.toggle('open', shown);
  attribute(showButton, 'aria-expanded', shown);
}

function create(deck) {
  const open = el('button', { class: 'deck-open' });
  open.addEventListener('click', () => {
    showDecks(false);
    openDeck(open.parentElement.dataset.key);
  });
  const remove = el('button', { class: 'icon-button deck-delete' }, icon('trash'));
  remove.addEventListener('click', () => deleteDeck(state.decks.find((each) => each.id === deck.id) ?? deck));
  return el('li', { class: 'deck' }, open, remove);
}

function render() {
  keyed(list, state.decks, (deck) => deck.id, create, (node, deck) => {
    const [open, remove] = node.children;
    text(open, deck.name);
    attribute(open, 'aria-current', deck.id === state.deck?.id ? 'true' : null);
    attribute(remove, 'aria-label', `Delete ${deck.name}`);
  });
  nameField.disabled = !state.deck;
  if (document.activeElement !== nameField) {
    nameField.value = state.deck?.name ?? '';
  }
  document.title = state.deck ? `${state.deck.name} · ${state.sync?.name ?? 'Slides'}` : 'Slides';
  empty.hidden = !state.loaded || Boolean(state.deck?.slides.length);
  if (!empty.hidden) {
    renderEmpty();
  }
}

function renderEmpty() {
  const content = state.deck
    ? [el('h2', { text: 'No slides yet' }), el('p', { text: 'Add one with the + beside “Slides”.' })]
    : [
        el('h2', { text: 'Nothing to present yet' }),
        el('p', { text: 'Make a presentation here, and everybody connected has it a moment later.' }),
        el('div', { class: 'row' },
          el('button', { class: 'button primary', text: 'Start with an example', onClick: startWithExample }),
          el('button', { class: 'button', text: 'New presentation', onClick: newDeck })),
      ];
  if (empty.dataset.shown !== content[0].textContent) {
    empty.dataset.shown = content[0].textContent;
    empty.replaceChildren(...content);
  }
}

async function startWithExample() {
  const id = await attempt(makeExample);
  if (id) {
    await openDeck(id);
  }
}

export function start() {
  document.getElementById('new-deck').append(icon('plus'));
  document.getElementById('new-deck').addEventListener('click', newDeck);
  showButton.append(icon('decks'));
  showButton.addEventListener('click', () => showDecks(!panel.classList.contains('open')));
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      showDecks(false);
      showButton.focus();
    }
  });
  const rename = () => {
    const name = nameField.value.trim();
    if (state.deck && name && name !== state.deck.name) {
      const id = state.deck.id;
      attempt(() => api.renameDeck(id, name)).then(reload);
    } else {
      nameField.value = state.deck?.name ?? '';
    }
  };
  nameField.addEventListener('change', rename);
  nameField.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      nameField.blur();
    } else if (event.key === 'Escape') {
      nameField.value = state.deck?.name ?? '';
      nameField.blur();
    }
  });
  onChange(render);
}
