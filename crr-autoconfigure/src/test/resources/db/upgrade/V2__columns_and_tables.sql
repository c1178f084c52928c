ALTER TABLE "order" ADD COLUMN status TEXT NOT NULL DEFAULT 'open';
ALTER TABLE "order" ADD COLUMN remark TEXT;
UPDATE "order" SET remark = 'was ' || note;
ALTER TABLE "order" DROP COLUMN note;
ALTER TABLE "order" RENAME COLUMN title TO subject;
CREATE TABLE "group" (id VARCHAR(36) NOT NULL PRIMARY KEY, name TEXT);
INSERT INTO "group" VALUES ('g', 'from a migration');
DROP TABLE scratch;
