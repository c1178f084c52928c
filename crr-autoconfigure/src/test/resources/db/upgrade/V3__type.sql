CREATE TABLE item_new (id VARCHAR(36) NOT NULL PRIMARY KEY, amount INTEGER, unit TEXT);
INSERT INTO item_new SELECT id, amount, upper(unit) FROM item;
DROP TABLE item;
ALTER TABLE item_new RENAME TO item;
