-- The migrations that were applied to this database.
SELECT number, name, checksum FROM schema_migrations FINAL ORDER BY number
