"""Backups of the store while everything runs, and their way back into an empty one."""
