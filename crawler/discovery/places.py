"""Where a site is at home: its country, and the time that its clocks show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from urllib.parse import urlsplit

from crawler.extraction.text import word_set

# Top-level domains of countries that the whole world uses as words or for their looks.
SOLD_DOMAINS = word_set(
    "ac ag ai cc cd co cx fm ga gg gs im io la ly me ms nu pw sc sh so st su tk to tv vc vg ws"
)
# Below these a country registers its own: "example.com.co" is Colombian, "example.co" anything.
NATIONAL_SUFFIXES = word_set("com co org net gov gob edu")
# Domains whose country code differs from ISO 3166, and those without a country.
DOMAIN_COUNTRIES = {"uk": "GB"}
NO_COUNTRY = frozenset({"eu", "su", "aq"})

# The one zone that newspapers of a country with several mean: where nearly all of its people live.
MAIN_ZONES: Mapping[str, str] = {
    "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "KZ": "Asia/Almaty",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


def country(url: str, *, language: str | None, addresses: Iterable[str] = ()) -> str | None:
    """ISO 3166-1 code: what a postal address says, else the domain, else the region in `language`."""
    by_address = {code for name in addresses if (code := country_named(name, language))}
    if len(by_address) == 1:
        return by_address.pop()
    return _by_domain(url) or _by_language(language)


def country_named(name: str, language: str | None = None) -> str | None:
    """``no``, ``Norway``, or ``Norge`` on a page in Norwegian, as "NO"."""
    text = name.strip()
    if len(text) == 2 and text.upper() in _countries():
        return text.upper()
    return _names("en").get(text.casefold()) or _names(language or "en").get(text.casefold())


def time_zone(country: str | None) -> str | None:
    """The IANA zone that all of `country`, or all but outlying parts, is in."""
    from babel.core import get_global

    zones = get_global("territory_zones").get(country or "", [])
    return MAIN_ZONES.get(country or "") or (zones[0] if len(zones) == 1 else None)


def _by_domain(url: str) -> str | None:
    *_, above, domain = ["", "", *(urlsplit(url).hostname or "").split(".")]
    code = DOMAIN_COUNTRIES.get(domain, domain.upper())
    is_sold = domain in SOLD_DOMAINS and above not in NATIONAL_SUFFIXES
    return None if is_sold or domain in NO_COUNTRY or code not in _countries() else code


def _by_language(language: str | None) -> str | None:
    region = (language or "").rpartition("-")[2]
    return region if len(region) == 2 and region.isupper() and region in _countries() else None


@cache
def _countries() -> frozenset[str]:
    from babel.core import get_global

    return frozenset(get_global("territory_zones")) - {"001", "AQ", "ZZ"}


@cache
def _names(language: str) -> Mapping[str, str]:
    """Countries by what `language` calls them, in small letters; none where nobody knows the language."""
    from babel import Locale, UnknownLocaleError

    try:
        names = Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {names[code].casefold(): code for code in _countries() if code in names}
