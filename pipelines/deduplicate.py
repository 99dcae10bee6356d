"""Give each article what its copies are told by.

Here nothing is compared: two crawls may read one text at the same moment, so
`storage.articles.store` looks for copies in the transaction that stores.
"""

from __future__ import annotations

from pipelines.fingerprint import fingerprinted
from storage.records import Submission


class Deduplicate:
    """Item pipeline: adds the fingerprints of text and content to each submission that has none yet."""

    def process_item(self, item: object) -> object:
        return fingerprinted(item) if isinstance(item, Submission) and not item.content_hash else item
