"""Nightly files from a watched folder into the running service, each content once, with its control totals."""
