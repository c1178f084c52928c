// The instance's HTTP API.

/** An answer that is an error, with what the instance says about it. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, body) {
  const headers = { Accept: 'application/json' };
  const token = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/);
  if (token && method !== 'GET') {
    headers['X-XSRF-TOKEN'] = decodeURIComponent(token[1]);
  }
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  const response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  if (response.status === 401) {
    location.reload(); // to the login
  }
  const text = await response.text();
  if (!response.ok) {
    throw new ApiError(response.status, detail(text) ?? `${method} ${path} was answered with ${response.status}`);
  }
  return text ? JSON.parse(text) : null;
}

function detail(text) {
  try {
    const problem = JSON.parse(text);
    return problem.detail ?? problem.title;
  } catch {
    return undefined;
  }
}

const id = encodeURIComponent;

export const api = {
  decks: () => call('GET', '/api/decks'),
  deck: (deck) => call('GET', `/api/decks/${id(deck)}`),
  newDeck: (name) => call('POST', '/api/decks', { name }),
  renameDeck: (deck, name) => call('PATCH', `/api/decks/${id(deck)}`, { name }),
  deleteDeck: (deck) => call('DELETE', `/api/decks/${id(deck)}`),

  newSlide: (deck, before) => call('POST', `/api/decks/${id(deck)}/slides`, { before }),
  placeSlide: (slide, before) => call('PUT', `/api/slides/${id(slide)}/place`, { before }),
  deleteSlide: (slide) => call('DELETE', `/api/slides/${id(slide)}`),

  paste: (slide, components) => call('POST', `/api/slides/${id(slide)}/components/paste`, components),
  change: (component, fields) => call('PATCH', `/api/components/${id(component)}`, fields),
  placeComponent: (component, before) => call('PUT', `/api/components/${id(component)}/place`, { before }),
  deleteComponent: (component) => call('DELETE', `/api/components/${id(component)}`),

  selectedSlides: (deck) => call('GET', `/api/decks/${id(deck)}/selected-slides`),
  selectSlides: (deck, selected) => call('PUT', `/api/decks/${id(deck)}/selected-slides`, { selected }),
  selectedComponents: (slide) => call('GET', `/api/slides/${id(slide)}/selected-components`),
  selectComponents: (slide, selected) => call('PUT', `/api/slides/${id(slide)}/selected-components`, { selected }),

  sync: () => call('GET', '/api/sync'),
  connect: (connected) => call('PUT', '/api/sync', { connected }),
  logOut: () => call('POST', '/logout'),
  incoming: () => call('GET', '/api/incoming'),
};
