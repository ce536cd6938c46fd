"""Data quality: who owns which data, what systems said about it, and the exceptions that follow. No I/O but loading."""
