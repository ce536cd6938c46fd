-- The tables of a database with their engines and settings, as the store states them.
SELECT name, engine_full AS definition FROM system.tables WHERE database = {database:String} AND engine LIKE '%MergeTree' ORDER BY name
