// Line icons on a grid of 24, drawn for this editor.

const PATHS = {
  decks: 'M4 6h16M4 12h16M4 18h10',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  help: 'M9.2 9.2a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1-1.4 2M12 17.5v.1',
  inbox: 'M4 13l2.5-8h11L20 13v6H4zM4 13h4.5l1.5 2.5h4l1.5-2.5H20',
  title: 'M5 7V5h14v2M12 5v14M9 19h6',
  text: 'M5 7h14M5 12h14M5 17h8',
  rectangle: 'M4 6h16v12H4z',
  ellipse: 'M12 5c5 0 9 3.1 9 7s-4 7-9 7-9-3.1-9-7 4-7 9-7z',
  triangle: 'M12 5l9 14H3z',
  star: 'M12 4l2.4 5.2 5.6.6-4.2 3.8 1.2 5.6-5-2.9-5 2.9 1.2-5.6L4 9.8l5.6-.6z',
  arrow: 'M3 12h17M14 6l6 6-6 6',
  line: 'M4 12h16',
  undo: 'M9 7L4 12l5 5M4 12h10a5 5 0 0 1 5 5v1',
  redo: 'M15 7l5 5-5 5M20 12H10a5 5 0 0 0-5 5v1',
  front: 'M8 8h11v11H8zM5 15V5h10',
  back: 'M5 5h11v11H5zM19 9v10H9',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  trash: 'M5 7h14M10 7V5h4v2M7 7l1 13h8l1-13',
  out: 'M14 5h5v14h-5M4 12h11M11 8l4 4-4 4',
};

/** Makes an icon, which says nothing to screen readers: what holds it has a label. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
