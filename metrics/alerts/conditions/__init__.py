"""One module a kind of condition: each names what it finds in CONDITIONS, and is found by being here."""
