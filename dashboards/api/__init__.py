"""The HTTP interface for programs: read-only, versioned, with the same scope as the pages."""
