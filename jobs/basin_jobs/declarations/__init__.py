"""What a dataset is: read, checked, completed."""
