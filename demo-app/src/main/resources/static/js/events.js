// Hears from the instance as things happen.

import { arrived, loadIncoming } from './incoming.js';
import { reload } from './loading.js';
import { update } from './store.js';
import { loadSync } from './sync.js';

/** Listens for good. The browser reconnects by itself; whatever was missed is fetched then. */
export function listen() {
  const events = new EventSource('/api/events');
  events.addEventListener('open', () => Promise.all([reload(), loadSync(), loadIncoming()]).catch(() => {}));
  events.addEventListener('changed', reload);
  events.addEventListener('sync', loadSync);
  events.addEventListener('incoming', (event) => {
    arrived(JSON.parse(event.data));
    loadSync();
  });
  events.addEventListener('error', () => {
    update({ online: false });
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(listen, 2000);
    }
  });
}
