"""Contracts of the topics: the AsyncAPI document, the catalogue page, and `flowglass contracts`."""
