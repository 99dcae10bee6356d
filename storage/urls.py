"""What makes two addresses the same: cleaned to fetch, folded to compare. Pure.

Three forms, since what is right to compare is not always right to fetch:

* `clean` keeps a URL fetchable and drops what never changes the page: the
  fragment, tracking parameters, a default port, stray white space.
* `key` goes further and is never fetched: scheme, ``www.``, a trailing slash,
  the order of parameters, and parameters that only ask for another rendering
  of the page (AMP, print) do not make another page.
* `site` is the registrable domain, which tells a publisher's own addresses
  from others'.

What only the page itself can tell (rel=canonical, the same text) is decided
when it has been read: `storage.articles`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import idna

if TYPE_CHECKING:
    from tldextract import TLDExtract

MAX_LENGTH = 2_000  # characters; longer ones are traps or mistakes

# Parameters that only tell the publisher where a reader came from. courlan's
# list is longer, but drops article numbers too (`cid`, `eid`, `uid`, `source`).
TRACKING = re.compile(
    r"""^(?:
        (?:utm|mtm|pk|hsa|piwik|matomo|oly|vero|itm)_\w+ | __twitter_impression | at_\w+
      | (?:fb|g|dc|tw|tt|y|yc|ys)clid | gbraid | wbraid | gad_(?:source|campaignid) | srsltid | msclkid
      | igsh(?:id)? | mibextid | li_fat_id | dicbo | spm | _openstat | elq\w+ | s_kwcid
      | mc_[ce]id | mkt_tok | _hs(?:enc|mi) | _ga | _gl | ftag | ncid | s_cid | cmpid | cmp
      | ns_(?:mchannel|source|campaign|linkname|fee) | wt[_.]z?mc(?:_id)? | xtor | ito | ocid | smid | smtyp
      | partner_ref | ref_?src | ref_?url | sref | rss_?ref | guccounter | guce_referrer(?:_sig)?
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
# `ref=rss` and `source=feed` are tracking; `ref=42` and `source=reuters` may not be.
TRACKING_VALUES = re.compile(
    r"^(?:ref|source|from|src|medium)=(?:rss\w*|feed\w*|atom|twitter|facebook|newsletter|app|home\w*)$", re.I
)
# Other renderings of the same page.
RENDERING = re.compile(
    r"^(?:amp(?:=(?:1|true|yes)?)?|outputtype=amp|output=amp|print(?:=(?:1|true|yes|print))?|view=print)$",
    re.I,
)
INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.I)
DEFAULT_PORTS = {"http": 80, "https": 443}
# What browsers take away: at the ends anything invisible, inside only where a line was broken.
INVISIBLE = "".join(map(chr, range(0x21))) + "\x7f\xa0\u200b\ufeff"
LINE_BREAKS = re.compile(r"[\t\r\n]+")
NOT_IN_A_HOST = re.compile(r"[\x00-\x20\x7f\"#%/:<>?@\[\\\]^`{|}']")
ESCAPED = re.compile(r"%([0-9a-fA-F]{2})")
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


def clean(url: str) -> str | None:
    """`url` as it should be fetched, or None where it is no web address (scheme, host, length)."""
    parts = _split(url)
    return urlunsplit(parts) if parts else None


@lru_cache(maxsize=4096)
def key(url: str) -> str:
    """What all spellings of one page's address share: ``example.org/story?id=7``; for comparing only."""
    parts = _split(url)
    if parts is None:
        return url.strip()
    host = parts.netloc.removeprefix("www.")
    path = INDEX_PAGE.sub("/", _unescape(parts.path)).rstrip("/")
    parameters = sorted(p for p in _unescape(parts.query).split("&") if p and not RENDERING.match(p))
    return f"{host}{path}?{'&'.join(parameters)}" if parameters else f"{host}{path}"


@lru_cache(maxsize=4096)
def site(url: str) -> str:
    """The registrable domain ("example.co.uk"); for addresses and names without one, host and port."""
    parts = _split(url)
    if parts is None:
        return ""
    return public_suffixes()(parts.hostname or "").top_domain_under_public_suffix or parts.netloc


def same_site(one: str, other: str) -> bool:
    """Whether two URLs belong to one publisher's domain."""
    left, right = _split(one), _split(other)
    if left is None or right is None:
        return False
    if left.netloc == right.netloc:
        return True
    # A registrable domain has two labels at least, so most strangers are told without the list of suffixes.
    return _ending(left) == _ending(right) and site(one) == site(other)


def _ending(parts: SplitResult) -> list[str]:
    return (parts.hostname or "").split(".")[-2:]


def is_home_page(url: str) -> bool:
    """Whether `url` is the root of its host."""
    parts = _split(url)
    return parts is not None and not parts.query and INDEX_PAGE.sub("/", parts.path) == "/"


@cache
def public_suffixes() -> TLDExtract:
    """What tells a registered name from a public suffix ("co.uk"), by the list that ships with the package.

    Nothing is downloaded, results are reproducible. With the list's private part, since the blogs of one
    hosting company are not one publisher.
    """
    import tldextract  # 0.1 s to import, since it could download lists

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _split(url: str) -> SplitResult | None:
    """The cleaned parts of `url`, or None where it is no web address."""
    text = LINE_BREAKS.sub("", url.strip(INVISIBLE))
    if len(text) > 2 * MAX_LENGTH:  # of that, tracking may be half
        return None
    try:
        parts = urlsplit(text)
        netloc = _netloc(parts)
    except ValueError:  # "http://[", port 99999, a label that IDNA refuses
        return None
    if parts.scheme not in DEFAULT_PORTS or not netloc:
        return None
    query = "&".join(_escape(p) for p in parts.query.split("&") if p and not _is_tracking(p))
    cleaned = SplitResult(parts.scheme, netloc, _path(parts.path), query, "")
    return cleaned if len(urlunsplit(cleaned)) <= MAX_LENGTH else None


def _netloc(parts: SplitResult) -> str:
    """Host in lower case ASCII, and the port unless it is the scheme's own. User names are dropped."""
    host = parts.hostname or ""
    if "\\" in parts.netloc:  # browsers end the host there, Python does not
        return ""
    if ":" in host:
        host = f"[{ip_address(host.partition('%')[0])}]"
    else:
        host = (host if host.isascii() else idna.encode(host, uts46=True).decode()).rstrip(".").lower()
        if not host or host.startswith(".") or NOT_IN_A_HOST.search(host):
            return ""
    port = parts.port
    return host if port in (None, DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{port}"


def _path(path: str) -> str:
    """An absolute path with its ``.`` and ``..`` segments followed (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1:] in (["."], [".."]):
        kept.append("")
    return _escape("/" + "/".join(kept))


def _escape(text: str) -> str:
    """Escape what may not stand in a URL; what is escaped already stays, with upper-case digits."""
    quoted = quote(text, safe="/%!$&'()*+,;=:@?~-._", encoding="utf-8", errors="surrogatepass")
    return ESCAPED.sub(lambda m: m[0].upper(), quoted)


def plain_escapes(text: str) -> str:
    """`text` with its escapes as RFC 3986, 6.2.2, wants them: upper-case digits, none that nothing needs."""
    return ESCAPED.sub(lambda m: m[0].upper(), _unescape(text))


def _unescape(text: str) -> str:
    """`text` without the escapes that nothing needs: "%7Ejane" is "~jane" (RFC 3986, 6.2.2.2)."""

    def plain(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if UNRESERVED.match(character) else match[0]

    return ESCAPED.sub(plain, text)


def _is_tracking(parameter: str) -> bool:
    return bool(TRACKING.match(parameter.partition("=")[0]) or TRACKING_VALUES.match(parameter))
