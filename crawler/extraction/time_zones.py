"""Which clock a page means: abbreviations of zones, and the zone that a country or language lives in."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from zoneinfo import ZoneInfo

from crawler.extraction import address


def _pairs(text: str) -> dict[str, str]:
    """A table written as "key value, key value"."""
    return dict(pair.split() for pair in text.split(","))


# Offsets in hours. Where an abbreviation has several meanings, the one that news pages mean by it.
ABBREVIATIONS = {
    name: float(hours)
    for name, hours in _pairs(
        """
        z 0, utc 0, gmt 0, wet 0, мск 3, msk 3, mez 1, mesz 2, cet 1, cest 2, eet 2, eest 3, west 1,
        bst 1, trt 3, ast -4, adt -3, est -5, edt -4, et -5, cst -6, cdt -5, ct -6, mst -7, mdt -6, mt -7,
        pst -8, pdt -7, pt -8, akst -9, akdt -8, hst -10, brt -3, art -3, clt -4, clst -3, sast 2, cat 2,
        eat 3, wat 1, gst 4, pkt 5, ist 5.5, npt 5.75, wib 7, wita 8, wit 9, ict 7, sgt 8, myt 8, hkt 8,
        pht 8, awst 8, jst 9, kst 9, acst 9.5, acdt 10.5, aest 10, aedt 11, nzst 12, nzdt 13
        """
    ).items()
}
# The same letters elsewhere: by country.
_ABROAD = {
    ("ist", "IE"): 1.0,
    ("ist", "IL"): 2.0,
    ("bst", "BD"): 6.0,
    ("cst", "CN"): 8.0,
    ("cst", "CU"): -5.0,
    ("est", "AU"): 10.0,
}
# These follow the clock that New York … have on the day.
_FLOATING = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}

# Countries whose press has one clock.
BY_COUNTRY = _pairs(
    """
    AE Asia/Dubai, AF Asia/Kabul, AL Europe/Tirane, AM Asia/Yerevan, AR America/Argentina/Buenos_Aires,
    AT Europe/Vienna, AZ Asia/Baku, BA Europe/Sarajevo, BD Asia/Dhaka, BE Europe/Brussels,
    BG Europe/Sofia, BH Asia/Bahrain, BO America/La_Paz, BW Africa/Gaborone, BY Europe/Minsk,
    CH Europe/Zurich, CI Africa/Abidjan, CM Africa/Douala, CN Asia/Shanghai, CO America/Bogota,
    CR America/Costa_Rica, CU America/Havana, CY Asia/Nicosia, CZ Europe/Prague, DE Europe/Berlin,
    DK Europe/Copenhagen, DO America/Santo_Domingo, DZ Africa/Algiers, EE Europe/Tallinn, EG Africa/Cairo,
    ES Europe/Madrid, ET Africa/Addis_Ababa, FI Europe/Helsinki, FR Europe/Paris, GB Europe/London,
    GE Asia/Tbilisi, GH Africa/Accra, GL America/Nuuk, GR Europe/Athens, GT America/Guatemala,
    HK Asia/Hong_Kong, HN America/Tegucigalpa, HR Europe/Zagreb, HU Europe/Budapest, IE Europe/Dublin,
    IL Asia/Jerusalem, IN Asia/Kolkata, IQ Asia/Baghdad, IR Asia/Tehran, IS Atlantic/Reykjavik,
    IT Europe/Rome, JM America/Jamaica, JO Asia/Amman, JP Asia/Tokyo, KE Africa/Nairobi, KR Asia/Seoul,
    KW Asia/Kuwait, LB Asia/Beirut, LI Europe/Vaduz, LK Asia/Colombo, LS Africa/Maseru, LT Europe/Vilnius,
    LU Europe/Luxembourg, LV Europe/Riga, LY Africa/Tripoli, MA Africa/Casablanca, MC Europe/Monaco,
    MD Europe/Chisinau, ME Europe/Podgorica, MK Europe/Skopje, MM Asia/Yangon, MT Europe/Malta,
    MW Africa/Blantyre, MY Asia/Kuala_Lumpur, MZ Africa/Maputo, NA Africa/Windhoek, NG Africa/Lagos,
    NI America/Managua, NL Europe/Amsterdam, NO Europe/Oslo, NP Asia/Kathmandu, NZ Pacific/Auckland,
    OM Asia/Muscat, PA America/Panama, PE America/Lima, PH Asia/Manila, PK Asia/Karachi, PL Europe/Warsaw,
    PR America/Puerto_Rico, PT Europe/Lisbon, PY America/Asuncion, QA Asia/Qatar, RO Europe/Bucharest,
    RS Europe/Belgrade, RW Africa/Kigali, SA Asia/Riyadh, SD Africa/Khartoum, SE Europe/Stockholm,
    SG Asia/Singapore, SI Europe/Ljubljana, SK Europe/Bratislava, SN Africa/Dakar, SV America/El_Salvador,
    SY Asia/Damascus, TH Asia/Bangkok, TN Africa/Tunis, TR Europe/Istanbul, TT America/Port_of_Spain,
    TW Asia/Taipei, TZ Africa/Dar_es_Salaam, UA Europe/Kyiv, UG Africa/Kampala, UK Europe/London,
    UY America/Montevideo, VE America/Caracas, VN Asia/Ho_Chi_Minh, YE Asia/Aden, ZA Africa/Johannesburg,
    ZM Africa/Lusaka, ZW Africa/Harare
    """
)

# Languages that are at home under one clock.
BY_LANGUAGE = _pairs(
    """
    af Africa/Johannesburg, bg Europe/Sofia, bn Asia/Dhaka, ca Europe/Madrid, cs Europe/Prague,
    da Europe/Copenhagen, de Europe/Berlin, el Europe/Athens, et Europe/Tallinn, eu Europe/Madrid,
    fi Europe/Helsinki, gl Europe/Madrid, he Asia/Jerusalem, hi Asia/Kolkata, hr Europe/Zagreb,
    hu Europe/Budapest, is Atlantic/Reykjavik, it Europe/Rome, ja Asia/Tokyo, ka Asia/Tbilisi,
    ko Asia/Seoul, lt Europe/Vilnius, lv Europe/Riga, ms Asia/Kuala_Lumpur, nb Europe/Oslo,
    nl Europe/Amsterdam, nn Europe/Oslo, no Europe/Oslo, pl Europe/Warsaw, ro Europe/Bucharest,
    sk Europe/Bratislava, sl Europe/Ljubljana, sr Europe/Belgrade, sv Europe/Stockholm, ta Asia/Kolkata,
    th Asia/Bangkok, tr Europe/Istanbul, uk Europe/Kyiv, vi Asia/Ho_Chi_Minh, xh Africa/Johannesburg,
    zu Africa/Johannesburg
    """
)

_OFFSET = re.compile(r"([+\-−])(\d{1,2})(?::?(\d{2}))?$")

_WIDEST_OFFSET = 15 * 60  # minutes


def zone_of(
    *, time_zone: str | None, country: str | None, language: str | None, url: str
) -> dt.tzinfo | None:
    """The clock that a page without a zone means: the source's, its country's, the language's."""
    suffix = address.host(url).rpartition(".")[2].upper()
    names = (
        time_zone,
        BY_COUNTRY.get((country or "").upper()),
        BY_COUNTRY.get(suffix),
        BY_LANGUAGE.get((language or "").lower()),
    )
    return next((zone for name in names if name and (zone := _zone(name))), None)


def named_zone(text: str, country: str | None = None) -> dt.tzinfo | None:
    """The zone that "CEST", "GMT+1" or "+0900" names."""
    text = text.strip(" ()").lower()
    if offset := _OFFSET.search(text):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        signed = minutes if offset[1] == "+" else -minutes
        return dt.timezone(dt.timedelta(minutes=signed)) if minutes <= _WIDEST_OFFSET else None
    if text in _FLOATING:
        return _zone(_FLOATING[text])
    hours = _ABROAD.get((text, (country or "").upper()), ABBREVIATIONS.get(text))
    return dt.timezone(dt.timedelta(hours=hours)) if hours is not None else None


@cache
def _zone(name: str) -> dt.tzinfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # no such zone, or a system without the tables
        return None
