"""Changes of a source database, as DMS writes them: from its files to one row a key, whatever comes late or twice."""
