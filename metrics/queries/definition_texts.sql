-- The newest text of each process definition.
SELECT process, version, yaml
FROM v_definitions
ORDER BY version DESC
LIMIT 1 BY process
