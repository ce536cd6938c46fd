-- How old a backlog is and how long it will take: told with each checkpoint, as its worker saw it.
ALTER TABLE checkpoints ${ON_CLUSTER}
    ADD COLUMN IF NOT EXISTS read_to DateTime64(6, 'UTC') AFTER flushed_at,   -- when the newest record read came
    ADD COLUMN IF NOT EXISTS left_us Int64 DEFAULT -1 AFTER read_to;           -- until its worker has read all; -1: not known
CREATE OR REPLACE VIEW v_checkpoints ${ON_CLUSTER} AS SELECT * EXCEPT version FROM checkpoints FINAL;
