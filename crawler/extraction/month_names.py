"""The names of the months in the languages that news is written in, from CLDR.

They stand in month_names.json: to ask Babel for those of all languages takes 60 MB and a third of a second.
`python -m crawler.extraction.month_names` writes the file anew, when Babel has newer names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from crawler.extraction.text import word_list

# Where a page does not say its language, its months may be in any of these.
LANGUAGES = word_list(
    """
    af ar az be bg bn bs ca cs cy da de el es et eu fa fi fr ga gl gu he hi hr hu hy id is it ka kk km ko ky
    lt lv mk mr ms nb ne nl pa pl pt ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi zu
    """
)
# Languages that CLDR keeps under another name.
_LOCALES = {"no": "nb", "iw": "he", "in": "id", "sh": "sr"}
_FILE = "month_names.json"


def in_language(language: str) -> Mapping[str, int]:
    """The number of each month by its names and abbreviations, in lower case; empty where none are known."""
    code = _LOCALES.get(language, language)
    known = _table().get(code)
    return _from_cldr(code) if known is None else known


@cache
def in_any_language() -> Mapping[str, int]:
    """The names that mean the same month in every language that has them; "listopad" does not."""
    meant: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for name, number in in_language(language).items():
            meant.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1}


@cache
def _table() -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = json.loads((files(__package__) / _FILE).read_text("utf-8"))
    return table


def all_from_cldr() -> dict[str, Mapping[str, int]]:
    """What the file is to say."""
    return {language: _from_cldr(language) for language in LANGUAGES}


@lru_cache(maxsize=256)
def _from_cldr(code: str) -> Mapping[str, int]:
    from babel import Locale, UnknownLocaleError  # only few pages are in a language that the file lacks

    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    names: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for number, name in locale.months["format"][width].items():
            names.setdefault(str(name).casefold().strip("."), number)
    return names


if __name__ == "__main__":
    lines = [
        f'"{language}": {json.dumps(names, ensure_ascii=False)}'
        for language, names in all_from_cldr().items()
    ]
    Path(__file__).with_name(_FILE).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
