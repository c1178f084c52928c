-- What the presentation has no use for, but a merge must get right: NULL, and each type of value under each affinity.
-- (BLOB is the affinity of a column without a type, with which Hibernate's validation could not cope.)

ALTER TABLE component ADD COLUMN anything BLOB;
ALTER TABLE component ADD COLUMN label TEXT;
ALTER TABLE component ADD COLUMN amount NUMERIC;
ALTER TABLE component ADD COLUMN "count" INTEGER;
