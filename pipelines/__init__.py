"""Item pipelines: normalise -> deduplicate -> store."""
