-- The texts of one process's definition, every version.
SELECT version, yaml FROM v_definitions WHERE process = {process:String} ORDER BY version
