"""Item pipelines: normalise -> deduplicate -> store -> keep pictures."""
