"""Which files make which batch, and a batch once it is read."""
