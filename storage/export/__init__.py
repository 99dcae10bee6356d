"""Articles, captions and bylines out of the archive, streaming: lines, Parquet, TEI, plain text."""

from storage.export.lines import to_cells, to_json
from storage.export.request import FORMATS, Request, What, check, export

__all__ = ["FORMATS", "Request", "What", "check", "export", "to_cells", "to_json"]
