"""What could not be read: limits on it, sources paused for it, and its way back."""
