-- The tables of this database with their engines and settings, as the store states them.
SELECT name, engine_full AS engine FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name
