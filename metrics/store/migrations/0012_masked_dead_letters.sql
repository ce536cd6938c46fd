-- What is kept of a dead letter in clear tells nobody's data: its place, reason and owner, and the message with every
-- value masked. The original is sealed (encrypted) and vanishes at `sealed_until`; the letter stays. Letters stored
-- before lose their original: it lay here in clear.
ALTER TABLE dead_letters ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS system LowCardinality(String) AFTER source;  -- the mapping's name, of a native message
ALTER TABLE dead_letters ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS owner LowCardinality(String) AFTER system;   -- the domain that repairs it
ALTER TABLE dead_letters ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS excerpt String AFTER owner;
ALTER TABLE dead_letters ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS headers Array(Tuple(name LowCardinality(String), value String)) AFTER excerpt;
ALTER TABLE dead_letters ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS bytes UInt64 AFTER headers;                  -- of the message as it came
ALTER TABLE dead_letters ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS replay_of String AFTER bytes; -- the id of the letter that a replay brought back
ALTER TABLE dead_letters ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS simulated UInt8 AFTER replay_of;
ALTER TABLE dead_letters ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS sealed_until DateTime64(6, 'UTC') AFTER simulated; -- 1970: no original was kept
ALTER TABLE dead_letters ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS sealed String TTL toDateTime(sealed_until) AFTER sealed_until;
ALTER TABLE dead_letters ${ON_CLUSTER} DROP COLUMN IF EXISTS payload;
ALTER TABLE dead_letters ${ON_CLUSTER} DROP COLUMN IF EXISTS record_key;
ALTER TABLE dead_letters ${ON_CLUSTER} DROP COLUMN IF EXISTS record_headers;

-- A letter is known by its id, 16 hex digits of what makes it one. `message` says which letters are one message: a record
-- that was replayed names the letter it brings back in the header fg-replay, so what dies again is known by it.
CREATE OR REPLACE VIEW v_dead_letters ${ON_CLUSTER} AS
SELECT * EXCEPT sealed,
       lower(hex(substring(SHA256(concat(origin, '|', toString(position), '|', reason)), 1, 8))) AS id,
       if(replay_of = '', id, replay_of) AS message
FROM dead_letters FINAL;

-- The originals, for those who have the key.
CREATE OR REPLACE VIEW v_dead_letter_originals ${ON_CLUSTER} AS
SELECT lower(hex(substring(SHA256(concat(origin, '|', toString(position), '|', reason)), 1, 8))) AS id, sealed, sealed_until
FROM dead_letters FINAL;

CREATE OR REPLACE VIEW v_dead_letter_replays ${ON_CLUSTER} AS
SELECT payload_hash AS message, replayed, letter, topic, reason FROM dead_letter_replays FINAL;

-- Letters with what became of them. state: new (never replayed), replayed (and not died since), died_again (the same message
-- died after its last replay). original: kept (sealed, for a replay), expired, none (no key: only the sender has it).
-- source_name: the source as far as anybody told, else the topic.
CREATE OR REPLACE VIEW v_dead_letter_states ${ON_CLUSTER} AS
SELECT letters.*, if(letters.source = '', toString(letters.topic), toString(letters.source)) AS source_name, replays.times AS replays,
       multiIf(replays.times = 0, 'new',
               max(letters.ingested) OVER (PARTITION BY letters.message) >= replays.last, 'died_again', 'replayed') AS state,
       multiIf(letters.sealed_until <= toDateTime64(0, 6, 'UTC'), 'none',
               letters.sealed_until <= now64(6, 'UTC'), 'expired', 'kept') AS original
FROM v_dead_letters AS letters
LEFT JOIN (SELECT message, count() AS times, max(replayed) AS last FROM v_dead_letter_replays GROUP BY message) AS replays
       ON replays.message = letters.message;
