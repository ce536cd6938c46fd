"""Contracts of canonical events: what a type promises, its JSON Schema, what breaks it, how an event is checked."""
