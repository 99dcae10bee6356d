"""The schema's history, shipped with the package; `storage.database` runs it."""
