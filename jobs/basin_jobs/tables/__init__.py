"""Declared Delta tables: made, kept to their declaration, written to once a batch."""
