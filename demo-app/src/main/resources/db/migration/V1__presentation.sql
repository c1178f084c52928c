-- A presentation: decks of slides of components. These three replicate.
--
-- Identifiers are UUIDs made by the application. There are no foreign keys, because a merge may bring a child before its
-- parent. Columns have defaults, so that rows written by hand need not name them all. "position" is a key of a fractional index.

CREATE TABLE deck (
  id   TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL DEFAULT 'Untitled'
);

CREATE TABLE slide (
  id       TEXT NOT NULL PRIMARY KEY,
  deck_id  TEXT NOT NULL DEFAULT '',
  position TEXT NOT NULL DEFAULT 'a '
);

CREATE INDEX slide_of_deck ON slide (deck_id, position, id);

CREATE TABLE component (
  id        TEXT NOT NULL PRIMARY KEY,
  slide_id  TEXT NOT NULL DEFAULT '',
  position  TEXT NOT NULL DEFAULT 'a ',
  type      TEXT NOT NULL DEFAULT 'text',
  content   TEXT NOT NULL DEFAULT '',
  x         REAL NOT NULL DEFAULT 0,
  y         REAL NOT NULL DEFAULT 0,
  w         REAL NOT NULL DEFAULT 100,
  h         REAL NOT NULL DEFAULT 100,
  rotation  REAL NOT NULL DEFAULT 0,
  fill      TEXT NOT NULL DEFAULT '',
  ink       TEXT NOT NULL DEFAULT '#1f2937',
  font_size REAL NOT NULL DEFAULT 24
);

CREATE INDEX component_of_slide ON component (slide_id, position, id);

-- What the user of this instance has selected. These two stay local.

CREATE TABLE selected_slide (
  deck_id  TEXT NOT NULL,
  slide_id TEXT NOT NULL,
  PRIMARY KEY (deck_id, slide_id)
);

CREATE TABLE selected_component (
  slide_id     TEXT NOT NULL,
  component_id TEXT NOT NULL,
  PRIMARY KEY (slide_id, component_id)
);
