// The drawer of what came from peers, and who won.

import { api } from './api.js';
import { attribute, el, keyed, text } from './dom.js';
import { icon } from './icons.js';
import { onChange, state, update } from './store.js';
import { toast } from './toasts.js';
import { cellName, headline, outcomeOf, outcomeWords, shown } from './words.js';

const KEPT = 200;
const drawer = document.getElementById('incoming-panel');
const list = document.getElementById('incoming');
const showButton = document.getElementById('show-incoming');
const MARKS = { WON: '✓', LOST: '✕', SAME: '=' };
let number = 0;

function described(row) {
  return { ...row, key: String(number++), headline: headline(row), outcome: outcomeOf(row) };
}

/** Takes in what the instance tells has come. */
export function arrived(rows) {
  const added = rows.map(described);
  if (!added.length) {
    return;
  }
  const lost = added.filter((row) => row.outcome === 'LOST');
  if (drawer.hidden && lost.length) {
    toast(lost.length === 1 ? lost[0].headline : `${lost.length} changes from peers lost against ours.`);
  }
  update({
    incoming: [...added.reverse(), ...state.incoming].slice(0, KEPT),
    unseen: drawer.hidden ? state.unseen + added.length : 0,
  });
}

/** Fetches what came before this page was opened. */
export async function loadIncoming() {
  update({ incoming: (await api.incoming()).map(described) });
}

function create(row) {
  const cells = row.cells.map((cell) =>
    el('tr', {},
      el('th', { scope: 'row', text: cellName(cell.column) }),
      value(cell.column, cell.value),
      value(cell.column, cell.kept),
      el('td', { text: cell.author }),
      el('td', {}, el('span', { class: `badge ${cell.outcome.toLowerCase()}`, text: outcomeWords(cell.outcome) }))));
  const head = ['What', 'Came', 'Here now', 'Author', 'Outcome'].map((name) => el('th', { scope: 'col', text: name }));
  return el('li', { class: `arrival ${row.outcome.toLowerCase()}` },
    el('details', {},
      el('summary', {},
        el('span', { class: 'mark', 'aria-hidden': 'true', text: MARKS[row.outcome] }),
        el('span', { class: 'arrival-words', text: row.headline }),
        el('span', { class: 'arrival-when', text: `from ${row.from} · ${new Date(row.at).toLocaleTimeString()}` })),
      el('div', { class: 'table-box' }, el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...cells)))));
}

function value(column, content) {
  const words = shown(column, content);
  const cell = el('td', { class: 'value' });
  if (/^#[0-9a-f]{6}$/.test(words)) {
    const swatch = el('span', { class: 'swatch-small', 'aria-hidden': 'true' });
    swatch.style.backgroundColor = words;
    cell.append(swatch);
  }
  cell.append(words);
  return cell;
}

function showDrawer(shown) {
  drawer.hidden = !shown;
  attribute(showButton, 'aria-expanded', shown);
  update({ unseen: 0 });
  (shown ? document.getElementById('hide-incoming') : showButton).focus();
}

function render() {
  attribute(showButton, 'aria-label', state.unseen ? `Incoming changes, ${state.unseen} new` : 'Incoming changes');
  text(showButton.lastChild, state.unseen ? String(Math.min(state.unseen, 99)) : '');
  showButton.lastChild.hidden = state.unseen === 0;
  if (!drawer.hidden) {
    keyed(list, state.incoming, (row) => row.key, create, () => {});
    list.dataset.empty = state.incoming.length === 0 ? 'Nothing came yet.' : '';
  }
}

export function start() {
  showButton.append(icon('inbox'), el('span', { class: 'button-words', text: 'Changes' }), el('span', { class: 'count', hidden: true }));
  showButton.addEventListener('click', () => showDrawer(drawer.hidden));
  const hide = document.getElementById('hide-incoming');
  hide.append(icon('close'));
  hide.addEventListener('click', () => showDrawer(false));
  drawer.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      showDrawer(false);
    }
  });
  onChange(render);
}
