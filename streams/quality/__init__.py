"""The stream of data quality: events become facts, facts of one object become findings."""
