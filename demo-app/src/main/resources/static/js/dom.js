// Builds and updates elements. Data only ever becomes text, properties or attributes, never markup.

/**
 * Makes an element.
 *
 * @param {string} tag its name
 * @param {Object<string, *>} [props] `class`, `text`, `onEvent` listeners, `data-`/`aria-` and other attributes
 * @param {...(Node|string)} children what is in it
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'text') {
      node.textContent = value;
    } else if (name.startsWith('on')) {
      node.addEventListener(name.slice(2).toLowerCase(), value);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children);
  return node;
}

/** Sets an attribute, or takes it away if there is no value. */
export function attribute(node, name, value) {
  if (value === null || value === undefined) {
    node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

/** Sets the text, if it is another one. */
export function text(node, value) {
  if (node.textContent !== value) {
    node.textContent = value;
  }
}

/**
 * Makes the children of a container match a list. Nodes of items that stay are kept, so that focus, scroll positions and what
 * somebody is typing survive.
 */
export function keyed(container, items, keyOf, create, update) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const nodes = new Map([...container.children].map((node) => [node.dataset.key, node]));
  let previous = null;
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    let node = nodes.get(key);
    nodes.delete(key);
    if (!node) {
      node = create(item);
      node.dataset.key = key;
    }
    const expected = previous ? previous.nextSibling : container.firstChild;
    if (node !== expected) {
      container.insertBefore(node, expected);
    }
    update(node, item, index);
    previous = node;
  }
  nodes.forEach((gone) => gone.remove());
  if (focused && focused.isConnected && document.activeElement !== focused) {
    focused.focus({ preventScroll: true });
  }
}

/** Whether keys that are pressed now belong to somebody's typing. */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}
