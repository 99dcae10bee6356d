"""Alarms by webhook: each turn a POST of JSON."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from crawler.alarms.channels import SECONDS, DeliveryError, as_json
from crawler.errors import UsageError
from storage.health.alarms import Notice


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would turn the POST into a GET that tells nobody anything."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Webhook:
    """POSTs to a URL; an answer of 2xx says that it was heard."""

    name = "webhook"

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise UsageError(f"ARCHIVE_ALARM_WEBHOOK = {url!r}: write a web address")
        self.url = url
        self._opener = urllib.request.build_opener(_NoRedirect)

    def tell(self, notices: Sequence[Notice]) -> None:
        """One POST for each; what was heard before one failed is told again with it."""
        for notice in notices:
            self._post(as_json(notice))

    def _post(self, told: dict[str, Any]) -> None:
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": told["id"],
            "User-Agent": "newsarchive",
        }
        body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        request = urllib.request.Request(self.url, body, headers, method="POST")  # noqa: S310
        try:
            self._opener.open(request, timeout=SECONDS).close()
        except urllib.error.HTTPError as error:
            error.close()
            raise DeliveryError(f"HTTP {error.code}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise DeliveryError(
                str(getattr(error, "reason", None) or error or type(error).__name__)
            ) from error
