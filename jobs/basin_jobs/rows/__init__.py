"""From a record to a row: typed, judged, one a key."""
