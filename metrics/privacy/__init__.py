"""What may be known of a person: tokens instead of numbers, an allow-list of attributes, sealed originals."""
