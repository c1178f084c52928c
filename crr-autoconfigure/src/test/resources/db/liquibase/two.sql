--liquibase formatted sql

--changeset crr:1 logicalFilePath:notes.sql
CREATE TABLE note (id BLOB NOT NULL PRIMARY KEY, text TEXT, draft TEXT);

--changeset crr:2 logicalFilePath:notes.sql
CREATE TABLE note_new (id BLOB NOT NULL PRIMARY KEY, text TEXT, draft TEXT, colour TEXT);
INSERT INTO note_new (id, text, draft) SELECT id, text, draft FROM note;
DROP TABLE note;
ALTER TABLE note_new RENAME TO note;
