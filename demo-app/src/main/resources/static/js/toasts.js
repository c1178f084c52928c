// Short messages that go by themselves.

import { el } from './dom.js';

const SHOWN_MS = 6000;

export function toast(message, kind = 'info') {
  const box = document.getElementById('toasts');
  const node = el('p', { class: `toast toast-${kind}`, text: message });
  box.append(node);
  while (box.children.length > 3) {
    box.firstChild.remove();
  }
  setTimeout(() => node.remove(), SHOWN_MS);
}
