// Says what came from peers, and what became of it, in words a person understands.

const KINDS = {
  title: 'title',
  text: 'text',
  rectangle: 'rectangle',
  ellipse: 'ellipse',
  triangle: 'triangle',
  star: 'star',
  arrow: 'arrow',
  line: 'line',
};

const COLUMNS = {
  '-1': 'Existence',
  name: 'Name',
  deck_id: 'Presentation',
  slide_id: 'Slide',
  position: 'Order',
  type: 'Kind',
  content: 'Text',
  x: 'Position',
  y: 'Position',
  w: 'Size',
  h: 'Size',
  rotation: 'Rotation',
  fill: 'Fill colour',
  ink: 'Text colour',
  font_size: 'Text size',
};

/** In detail what one line sums up. */
const DETAILS = { x: 'Left', y: 'Top', w: 'Width', h: 'Height' };

/** Who is called what, also after it was deleted. */
const subjects = new Map();

export function kind(type) {
  return KINDS[type] ?? 'shape';
}

function columnName(column) {
  return COLUMNS[column] ?? column;
}

export function cellName(column) {
  return DETAILS[column] ?? columnName(column);
}

export function short(content, length = 32) {
  const line = content.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** Notes what the parts of a deck are called. */
export function remember(deck) {
  subjects.set(deck.id, `presentation “${short(deck.name)}”`);
  deck.slides.forEach((slide, index) => {
    subjects.set(slide.id, `slide ${index + 1}`);
    slide.components.forEach((each) => subjects.set(each.id, componentName(each.type, each.content, index + 1)));
  });
}

function componentName(type, content, slide) {
  if (type === 'title') {
    return slide ? `title of slide ${slide}` : 'title';
  }
  const text = short(content ?? '');
  const name = text ? `${kind(type)} “${text}”` : kind(type);
  return slide ? `${name} on slide ${slide}` : name;
}

function nameOf({ table, id, subject }) {
  if (subject && table === 'component') {
    return componentName(subject.type, subject.text, subject.slide);
  }
  if (subject && table === 'slide') {
    return `slide ${subject.slide}`;
  }
  if (subject) {
    return `presentation “${short(subject.deck)}”`;
  }
  return subjects.get(id) ?? { component: 'something on a slide', slide: 'a slide', deck: 'a presentation' }[table] ?? table;
}

const KEPT = { WON: 'theirs kept', LOST: 'ours kept', SAME: 'same on both sides' };

export function outcomeWords(outcome) {
  return KEPT[outcome];
}

/** What happened to a row in one line. */
export function headline(row) {
  const name = nameOf(row);
  const life = row.cells.find((cell) => cell.column === '-1');
  if (life && life.value === false) {
    return life.outcome === 'LOST' ? `${capital(name)}: deleted there, kept here` : `${capital(name)} was deleted`;
  }
  if (!row.subject) {
    return `${capital(name)}: edited there, stays deleted`;
  }
  const cells = row.cells.filter((cell) => cell.column !== '-1');
  if (cells.some((cell) => cell.column === 'name' || cell.column.endsWith('_id')) && isWhole(row.table, cells)) {
    return `New ${name}`;
  }
  const outcomes = new Set(cells.map((cell) => cell.outcome));
  const columns = [...new Set(cells.map((cell) => columnName(cell.column)))];
  const what = row.table === 'component' && row.subject.type === 'title' && columns.join() === 'Text'
    ? capital(name)
    : `${listed(columns)} of ${name}`;
  return `${capital(what)}: ${outcomes.size === 1 ? KEPT[cells[0].outcome] : mixed(cells)}`;
}

function isWhole(table, cells) {
  return { deck: false, slide: cells.length >= 2, component: cells.length >= 8 }[table] && cells.every((cell) => cell.outcome === 'WON');
}

function mixed(cells) {
  return ['WON', 'LOST', 'SAME']
    .map((outcome) => [outcome, new Set(cells.filter((cell) => cell.outcome === outcome).map((cell) => columnName(cell.column)))])
    .filter(([, columns]) => columns.size)
    .map(([outcome, columns]) => `${listed([...columns]).toLowerCase()} ${KEPT[outcome]}`)
    .join(', ');
}

function listed(words) {
  return words.map((word, i) => (i ? word.toLowerCase() : word)).join(', ').replace(/, ([^,]*)$/, ' and $1');
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The worst that happened to any cell, for the mark beside the line. */
export function outcomeOf(row) {
  const outcomes = new Set(row.cells.map((cell) => cell.outcome));
  return outcomes.has('LOST') ? 'LOST' : outcomes.has('WON') ? 'WON' : 'SAME';
}

/** A value for people. */
export function shown(column, value) {
  if (value === null || value === undefined) {
    return 'nothing';
  }
  if (column === '-1') {
    return value ? 'there' : 'deleted';
  }
  if (typeof value === 'number') {
    return String(Math.round(value * 10) / 10);
  }
  if (column.endsWith('_id')) {
    return short(value, 8);
  }
  return value === '' ? 'empty' : short(value, 60);
}
