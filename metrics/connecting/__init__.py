"""A table that somebody has, and how it could be connected: columns guessed, events previewed, a mapping written.

Pure: no file is opened and nothing is kept.
"""
