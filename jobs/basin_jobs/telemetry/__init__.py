"""What a run tells those who watch: metrics, structured lines and lineage."""
