"""Articles, captions and bylines out of the archive: JSON Lines, CSV, Parquet, TEI and plain text, streaming."""

from storage.export.lines import to_cells, to_json
from storage.export.request import FORMATS, Request, What, check, export

__all__ = ["FORMATS", "Request", "What", "check", "export", "to_cells", "to_json"]
