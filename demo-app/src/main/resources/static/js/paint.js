// Paints components. Everything is relative to the paper, so that a slide and its thumbnail look the same.

import { el, text } from './dom.js';

export const WIDTH = 960;
export const HEIGHT = 540;

/** Makes the element of a component, still empty. */
export function blank(tag = 'div') {
  return el(tag, { class: 'item' }, el('span', { class: 'shape' }), el('span', { class: 'label' }));
}

/** Paints a component into its element. The text is left alone while somebody types in it. */
export function paint(node, item, typing = false) {
  node.dataset.type = item.type;
  const [shape, label] = node.children;
  node.style.left = `${(item.x / WIDTH) * 100}%`;
  node.style.top = `${(item.y / HEIGHT) * 100}%`;
  node.style.width = `${(item.w / WIDTH) * 100}%`;
  node.style.height = `${(item.h / HEIGHT) * 100}%`;
  node.style.transform = item.rotation ? `rotate(${item.rotation}deg)` : '';
  shape.style.backgroundColor = item.fill || 'transparent';
  label.style.color = item.ink;
  label.style.fontSize = `${(item.fontSize / WIDTH) * 100}cqw`;
  if (!typing) {
    text(label, item.content);
  }
}
