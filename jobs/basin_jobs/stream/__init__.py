"""A stream read directly: each of its batches received as it came, then taken in the way everything is."""
