"""Computed datasets: what they read, how they are computed, what the result must be."""
