"""Basin's Spark jobs: raw files to silver tables, silver to gold, queries. The same on EMR and on a laptop."""
