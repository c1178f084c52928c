// Where components are, and where they go when they are dragged.

const MIN_SIZE = 12;
const SNAP = 6;

export function rotate({ x, y }, degrees) {
  const angle = (degrees * Math.PI) / 180;
  return { x: x * Math.cos(angle) - y * Math.sin(angle), y: x * Math.sin(angle) + y * Math.cos(angle) };
}

const round = (number) => Math.round(number * 10) / 10;

/**
 * Resizes a box by its edge or corner, so that the opposite one stays where it is, however the box is turned.
 *
 * @param {{x: number, y: number}} edge which: -1, 0 or 1 in either direction, as the box itself is turned
 * @param {{x: number, y: number}} by how far the pointer moved on the slide
 */
export function resized(box, edge, by, keepRatio) {
  const own = rotate(by, -box.rotation);
  let w = Math.max(MIN_SIZE, box.w + edge.x * own.x);
  let h = Math.max(MIN_SIZE, box.h + edge.y * own.y);
  if (keepRatio && edge.x && edge.y) {
    const factor = Math.max(w / box.w, h / box.h);
    w = box.w * factor;
    h = box.h * factor;
  }
  const shift = rotate({ x: (edge.x * (w - box.w)) / 2, y: (edge.y * (h - box.h)) / 2 }, box.rotation);
  return {
    x: round(box.x + box.w / 2 + shift.x - w / 2),
    y: round(box.y + box.h / 2 + shift.y - h / 2),
    w: round(w),
    h: round(h),
  };
}

/** The angle at which a point lies above the middle of a box, upright ones being met half-way. */
export function angle(box, point, coarse) {
  const raw = (Math.atan2(point.y - box.y - box.h / 2, point.x - box.x - box.w / 2) * 180) / Math.PI + 90;
  const step = coarse ? 15 : 1;
  const degrees = Math.round(raw / step) * step;
  const near = Math.round(degrees / 90) * 90;
  const snapped = Math.abs(degrees - near) <= 3 ? near : degrees;
  return ((snapped % 360) + 360) % 360;
}

/**
 * Aligns a box that is moved with the middle and the edges of others.
 *
 * @returns {{by: {x: number, y: number}, guides: {x?: number, y?: number}}} how far to move, and the lines that were met
 */
export function aligned(box, by, others) {
  const result = { by: { ...by }, guides: {} };
  for (const [axis, size] of [['x', 'w'], ['y', 'h']]) {
    const at = box[axis] + by[axis];
    const own = [at, at + box[size] / 2, at + box[size]];
    let best = SNAP;
    for (const other of others) {
      for (const line of [other[axis], other[axis] + other[size] / 2, other[axis] + other[size]]) {
        for (const mine of own) {
          if (Math.abs(line - mine) < best) {
            best = Math.abs(line - mine);
            result.by[axis] = by[axis] + line - mine;
            result.guides[axis] = line;
          }
        }
      }
    }
  }
  return result;
}

export function moved(box, by) {
  return { x: round(box.x + by.x), y: round(box.y + by.y) };
}

/** The box around some boxes, as if none was turned. */
export function around(boxes) {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return {
    x,
    y,
    w: Math.max(...boxes.map((box) => box.x + box.w)) - x,
    h: Math.max(...boxes.map((box) => box.y + box.h)) - y,
  };
}
