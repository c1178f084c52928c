--liquibase formatted sql

--changeset crr:1
CREATE TABLE "order" (id VARCHAR(36) NOT NULL PRIMARY KEY, title TEXT, note TEXT);
CREATE TABLE item (id VARCHAR(36) NOT NULL PRIMARY KEY, amount TEXT, unit TEXT);
CREATE TABLE label (id VARCHAR(36) NOT NULL PRIMARY KEY, name TEXT);
CREATE TABLE scratch (id VARCHAR(36) NOT NULL PRIMARY KEY, v TEXT);

--changeset crr:2 contextFilter:v2
ALTER TABLE "order" ADD COLUMN status TEXT NOT NULL DEFAULT 'open';
ALTER TABLE "order" ADD COLUMN remark TEXT;
UPDATE "order" SET remark = 'was ' || note;
ALTER TABLE "order" DROP COLUMN note;
ALTER TABLE "order" RENAME COLUMN title TO subject;
CREATE TABLE "group" (id VARCHAR(36) NOT NULL PRIMARY KEY, name TEXT);
INSERT INTO "group" VALUES ('g', 'from a migration');
DROP TABLE scratch;

--changeset crr:3 contextFilter:v2
CREATE TABLE item_new (id VARCHAR(36) NOT NULL PRIMARY KEY, amount INTEGER, unit TEXT);
INSERT INTO item_new SELECT id, amount, upper(unit) FROM item;
DROP TABLE item;
ALTER TABLE item_new RENAME TO item;

--changeset crr:4 contextFilter:v2
UPDATE item SET amount = amount + 1 WHERE amount > 100;
DELETE FROM item WHERE id = 'doomed';
