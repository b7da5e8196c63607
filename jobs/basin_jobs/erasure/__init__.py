"""One subject's rows taken out of everything that was made of them, and the proof of it."""
