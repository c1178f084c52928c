--liquibase formatted sql

--changeset crr:1 logicalFilePath:notes.sql
CREATE TABLE note (id BLOB NOT NULL PRIMARY KEY, text TEXT, draft TEXT);
