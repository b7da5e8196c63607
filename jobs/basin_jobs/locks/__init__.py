"""One step at a time on one dataset: who holds it, and how long others wait."""
