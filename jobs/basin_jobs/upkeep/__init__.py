"""What a table needs from time to time: fewer files, in order, and no more old ones than its readers need."""
