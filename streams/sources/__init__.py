"""Source mappings: each system's own messages to canonical events, as YAML files say; doors `load` and `mapping`."""
