"""Cookies: kept for whom they are meant, and judged without a question to the network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# Prints the hosts whose names are looked up, then the cookies of four requests.
SCRIPT = """
import sys
sys.addaudithook(lambda event, of: event == "socket.getaddrinfo" and print("asked", of[0]))

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from crawler.fetching.cookies import Cookies

cookies = Cookies.from_crawler(get_crawler(Spider))
set_by = "https://www.courier.co.uk/consent"
for cookie in ("all=1; Domain=courier.co.uk", "own=2", "wide=3; Domain=co.uk"):
    answer = Response(set_by, headers={"Set-Cookie": cookie})
    cookies.process_response(Request(set_by), answer)
for url in (set_by, "https://courier.co.uk/", "https://other.co.uk/"):
    request = Request(url)
    cookies.process_request(request)
    print(url, (request.headers.get("Cookie") or b"").decode())
"""


def test_a_cookie_is_judged_without_asking_anybody(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "TLDEXTRACT_CACHE": str(tmp_path)},  # nothing downloaded before is there
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "https://www.courier.co.uk/consent own=2; all=1",
        "https://courier.co.uk/ all=1",
        "https://other.co.uk/ ",
    ]
