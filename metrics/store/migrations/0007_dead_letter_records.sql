-- A dead letter keeps the whole Kafka record: its key (NULL: it had none) and its headers in their order, beside the
-- value. Letters stored before have neither.
ALTER TABLE dead_letters ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS record_key Nullable(String) AFTER payload;
ALTER TABLE dead_letters ${ON_CLUSTER}
    ADD COLUMN IF NOT EXISTS record_headers Array(Tuple(name LowCardinality(String), value Nullable(String))) AFTER record_key;

-- message_hash says which letters are one message: 16 hex digits of the SHA-256 of value, key and headers. A record that
-- was replayed names the hash of the message it brings back in the header fg-replay, so what dies again is known by it.
CREATE OR REPLACE VIEW v_dead_letters ${ON_CLUSTER} AS
SELECT *,
       arrayFirst(header -> header.name = 'fg-replay', record_headers).value AS replay_of,
       if(match(ifNull(replay_of, ''), '^[0-9a-f]{16}$'), assumeNotNull(replay_of),
          lower(hex(substring(SHA256(
              if(record_key IS NULL AND empty(record_headers), payload, concat(
                  toString(length(payload)), ':', payload, ifNull(concat('k', toString(length(record_key)), ':', record_key), '-'),
                  arrayStringConcat(arrayMap(
                      header -> concat('h', toString(length(header.name)), ':', header.name,
                                       ifNull(concat('v', toString(length(header.value)), ':', header.value), '-')),
                      record_headers))))), 1, 8)))) AS message_hash
FROM dead_letters FINAL;
