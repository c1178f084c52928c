// How this instance and its peers are, and the switch between them.

import { api } from './api.js';
import { attribute, el, keyed, text } from './dom.js';
import { attempt } from './edits.js';
import { icon } from './icons.js';
import { onChange, state, update } from './store.js';

const POLL_MS = 5000;
const OUT_OF_REACH = new Set(['AWAY', 'OTHER']);
const CONDITIONS = { NEW: 'connecting', CONNECTED: 'in step', FAILING: 'not in reach', PAUSED: 'cut off' };

export async function loadSync() {
  try {
    update({ sync: await api.sync(), online: true });
  } catch {
    update({ online: false });
  }
}

function words(peer, connected) {
  if (!connected || peer.condition === 'PAUSED') {
    return peer.unsent > 0 ? `cut off · ${peer.unsent} to send` : 'cut off';
  }
  if (peer.condition === 'FAILING' && !OUT_OF_REACH.has(peer.fault)) {
    return 'in trouble';
  }
  return CONDITIONS[peer.condition] ?? peer.condition;
}

function render() {
  const { sync, online } = state;
  if (!sync) {
    return;
  }
  const instance = document.getElementById('instance');
  text(instance, sync.name);
  document.documentElement.style.setProperty('--hue', hue(sync.name));
  keyed(document.getElementById('peers'), sync.peers, (peer) => peer.name, () => el('li', { class: 'peer' }, el('span', { class: 'dot' }), el('strong'), el('span', { class: 'peer-words' })), (node, peer) => {
    node.dataset.state = online ? (sync.connected ? peer.condition : 'PAUSED') : 'FAILING';
    text(node.children[1], peer.name);
    text(node.children[2], online ? words(peer, sync.connected) : 'unknown');
    attribute(node, 'title', peer.error ?? `Peer ${peer.name}: ${words(peer, sync.connected)}`);
  });
  text(document.getElementById('user'), sync.user ?? '');
  document.getElementById('log-out').hidden = !sync.user;
  const button = document.getElementById('connection');
  attribute(button, 'aria-checked', sync.connected);
  attribute(button, 'aria-label', 'Connected to peers');
  text(button.lastChild, sync.connected ? 'Connected' : 'Cut off');
  const banner = document.getElementById('cut-off');
  banner.hidden = online && sync.connected;
  text(banner, online
    ? 'Cut off from all peers. Edit on: when you switch it back, what everybody did meanwhile merges.'
    : 'This instance cannot be reached. Waiting for it to come back …');
  document.body.classList.toggle('is-cut-off', online && !sync.connected);
}

/** A colour of its own for each instance, so that two windows are told apart. */
function hue(name) {
  let hash = 7;
  for (const c of name) {
    hash = (hash * 31 + c.codePointAt(0)) % 9973;
  }
  return String((hash * 137 + 20) % 360);
}

export function start() {
  const logOut = document.getElementById('log-out');
  logOut.append(icon('out'));
  logOut.addEventListener('click', () => attempt(api.logOut).then(() => location.reload()));
  document.getElementById('connection').addEventListener('click', async () => {
    const sync = await attempt(() => api.connect(!state.sync.connected));
    if (sync) {
      update({ sync });
    }
  });
  onChange(render);
  setInterval(() => document.visibilityState === 'visible' && loadSync(), POLL_MS);
  return loadSync();
}
