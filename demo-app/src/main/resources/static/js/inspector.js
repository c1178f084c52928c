// The properties of what is selected.

import { attribute, el } from './dom.js';
import { changeSelected, duplicateSelected, removeSelected, toBack, toFront } from './edits.js';
import { icon } from './icons.js';
import { onChange, selected } from './store.js';
import { kind } from './words.js';

const panel = document.getElementById('inspector');
const SWATCHES = ['#0f172a', '#64748b', '#e2e8f0', '#ffffff', '#6366f1', '#0ea5e9', '#14b8a6', '#84cc16', '#f59e0b', '#f43f5e'];

function colours(label, field, none) {
  const choices = [...(none ? [''] : []), ...SWATCHES];
  const buttons = choices.map((colour) => {
    const button = el('button', {
      class: `swatch${colour ? '' : ' none'}`,
      'data-colour': colour,
      'aria-label': `${label}: ${colour || 'none'}`,
      onClick: () => changeSelected(() => ({ [field]: colour })),
    });
    button.style.setProperty('--swatch', colour || 'transparent');
    return button;
  });
  const other = el('input', { type: 'color', class: 'swatch', 'aria-label': `${label}: another colour` });
  other.addEventListener('change', () => changeSelected(() => ({ [field]: other.value })));
  const node = el('fieldset', { class: 'field' }, el('legend', { text: label }), el('div', { class: 'swatches' }, ...buttons, other));
  return {
    node,
    show(items) {
      const value = common(items, field);
      buttons.forEach((button) => attribute(button, 'aria-pressed', button.dataset.colour === value));
      if (value && document.activeElement !== other) {
        other.value = value;
      }
    },
  };
}

function number(label, field, { min, max, step = 1 }) {
  const input = el('input', { type: 'number', min, max, step, 'aria-label': label });
  input.addEventListener('change', () => {
    const value = Math.min(max, Math.max(min, input.valueAsNumber));
    if (Number.isFinite(value)) {
      changeSelected(() => ({ [field]: value }));
    }
  });
  return {
    node: el('label', { class: 'number' }, el('span', { text: label }), input),
    show(items) {
      const value = common(items, field);
      if (document.activeElement !== input) {
        input.value = value === undefined ? '' : Math.round(value * 10) / 10;
      }
    },
  };
}

function common(items, field) {
  const value = items[0]?.[field];
  return items.every((item) => item[field] === value) ? value : undefined;
}

function action(name, label, onClick) {
  return el('button', { class: 'tool', 'aria-label': label, title: label, onClick }, icon(name));
}

export function start() {
  const heading = el('h2');
  const numbers = [
    number('X', 'x', { min: -1e6, max: 1e6 }),
    number('Y', 'y', { min: -1e6, max: 1e6 }),
    number('W', 'w', { min: 1, max: 1e6 }),
    number('H', 'h', { min: 1, max: 1e6 }),
    number('Angle', 'rotation', { min: -360, max: 360 }),
    number('Text', 'fontSize', { min: 1, max: 1000 }),
  ];
  const fields = [colours('Fill', 'fill', true), colours('Text colour', 'ink', false), ...numbers];
  const form = el('div', { class: 'form' },
    el('div', { class: 'row actions' },
      action('front', 'Bring to front', toFront),
      action('back', 'Send to back', toBack),
      action('copy', 'Duplicate (Ctrl+D)', duplicateSelected),
      action('trash', 'Delete (Del)', removeSelected)),
    fields[0].node,
    fields[1].node,
    el('fieldset', { class: 'field' }, el('legend', { text: 'Place and size' }),
      el('div', { class: 'numbers' }, ...numbers.map((each) => each.node))));
  const hint = el('p', { class: 'hint', text: 'Select something on the slide to change its colours, place and size. Double-click it to edit its text.' });
  panel.append(el('div', { class: 'panel-head' }, heading), form, hint);
  onChange(() => {
    const items = selected();
    form.hidden = items.length === 0;
    hint.hidden = items.length > 0;
    panel.classList.toggle('idle', items.length === 0);
    const name = items.length === 1 ? kind(items[0].type) : `${items.length} selected`;
    heading.textContent = items.length ? name.charAt(0).toUpperCase() + name.slice(1) : 'Properties';
    if (items.length) {
      fields.forEach((field) => field.show(items));
    }
  });
}
