"""sources.toml: read with each mistake named by line, key and remedy; added to, the rest left as it is.

A source is a table:

    [sources.example-org]
    name = "The Example"
    home_page = "https://example.org/"
    feeds = ["https://example.org/feed"]

`KEYS` has all of them.
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from crawler.errors import SourcesError
from crawler.items import Endpoint, EndpointKind
from crawler.sources import checks, override_tables
from crawler.sources.lines import Place, line_of
from crawler.sources.source import Source
from storage.health.rules import Rule
from storage.records import Pictures

# The keys that name endpoints, in the order in which a crawl asks for them.
ENDPOINTS: Mapping[str, EndpointKind] = {
    "feeds": EndpointKind.FEED,
    "news_sitemaps": EndpointKind.NEWS_SITEMAP,
    "sitemaps": EndpointKind.SITEMAP,
    "sections": EndpointKind.LISTING,
}
# Every key of a source with its check, in the order in which they are written.
KEYS: Mapping[str, Callable[[Any], Any]] = {
    "name": checks.text,
    "home_page": checks.web_address,
    "language": checks.language,
    "country": checks.country,
    "time_zone": checks.time_zone,
    **dict.fromkeys(ENDPOINTS, checks.list_of(checks.web_address)),
    "include": checks.list_of(checks.pattern),
    "exclude": checks.list_of(checks.pattern),
    "pictures": checks.one_of(Pictures),
    "raw_bytes_months": checks.whole_number,
    "every": checks.interval,
    "cron": checks.cron,
    "mute": checks.list_of(checks.one_of(Rule)),
    "enabled": checks.switch,
    "overrides": override_tables.overrides,
}

SYNTAX_REMEDY = "texts stand in quotes, lists in [ ]"
TWICE_REMEDY = "this stands there already; remove or rename one of them"

_SYNTAX_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_TWICE = re.compile(r"Cannot (?:declare|mutate immutable namespace|overwrite a value)")


def load(path: Path) -> dict[str, Source]:
    """The sources in the file at `path` by slug, in its order.

    SourcesError where anything in it is wrong: one line with the place, the key and the remedy.
    """
    return parse(_text(path), str(path))


def parse(text: str, name: str) -> dict[str, Source]:
    """The sources in `text`; `name` stands for it in errors."""
    return _Reader(text.removeprefix("\ufeff"), name).sources()


def add(path: Path, source: Source) -> None:
    """Write `source` at the end of the file at `path`, which need not exist; the rest stays byte for byte.

    SourcesError where its slug is taken, or where the file or the source is wrong.
    """
    text = _text(path) if path.exists() else ""
    if source.slug in parse(text, str(path)):
        raise SourcesError(
            f'{path}: "{source.slug}" is there already; change it there, or choose another slug'
        )
    newline = "\r\n" if "\r\n" in text else "\n"
    before = text if not text or text.endswith("\n") else text + newline
    after = before + newline * bool(before) + rendered(source).replace("\n", newline)
    parse(after, str(path))
    _write(path.resolve(), after)


def rendered(source: Source) -> str:
    """`source` as its table in sources.toml."""
    import tomlkit

    table = tomlkit.table()
    for key, value in _values(source).items():
        table.add(key, _written(value))
    sources = tomlkit.table(is_super_table=True)
    sources.add(source.slug, table)
    return tomlkit.dumps({"sources": sources}).lstrip("\n")


def _values(source: Source) -> dict[str, Any]:
    """What stands in the file: the keys that say something, in order."""
    values = {key: source.urls(ENDPOINTS[key]) if key in ENDPOINTS else getattr(source, key) for key in KEYS}
    unsaid = {"enabled": True, "pictures": Pictures.NONE}
    values["every"], values["cron"] = (rule and rule.text for rule in (source.every, source.cron))
    values["overrides"] = override_tables.tables(source.overrides)
    return {key: value for key, value in values.items() if value not in (None, (), [], unsaid.get(key))}


def _written(value: Any) -> Any:
    """`value` as tomlkit has it: a list of texts, of tables, or a plain value."""
    if isinstance(value, tuple):
        return _list(value)
    if not isinstance(value, list):
        return value
    import tomlkit

    array = tomlkit.aot()
    for item in value:
        table = tomlkit.table()
        for key, part in item.items():
            table.add(key, _written(part))
        array.append(table)
    return array


def _list(items: tuple[str, ...]) -> Any:
    """A TOML list; what has a backslash stands in single quotes, as a person would write a pattern."""
    import tomlkit

    array = tomlkit.array()
    for item in items:
        array.append(tomlkit.string(item, literal="\\" in item and "'" not in item and item.isprintable()))
    return array.multiline(len(items) > 1)


class _Reader:
    """One file's text, and errors that say where in it."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name

    def sources(self) -> dict[str, Source]:
        tables = self._tables()
        return {slug: self._source(slug, table) for slug, table in tables.items()}

    def _tables(self) -> dict[str, Any]:
        try:
            data = tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:
            self._bad_syntax(error)
        tables = data.pop("sources", {})
        for key in data:
            remedy = checks.nearest(key, ["sources"], "each source is a table [sources.SLUG]")
            self._fail((key,), f"this file has no such key; {remedy}")
        if not isinstance(tables, dict):
            self._fail(("sources",), f"it is {checks.kind(tables)}; each source is a table [sources.SLUG]")
        return tables

    def _source(self, slug: str, table: Any) -> Source:
        place = ("sources", slug)
        if not checks.SLUG.fullmatch(slug):
            remedy = "write it in small letters, digits and hyphens, as example-org"
            self._fail(place, f"{checks.shown(slug)} is no slug; {remedy}")
        if not isinstance(table, dict):
            self._fail(place, f"it is {checks.kind(table)}; a source is a table [sources.{slug}]")
        values = {key: self._value(slug, key, value) for key, value in table.items()}
        if "home_page" not in values:
            self._fail(place, 'home_page is missing; write home_page = "https://…"')
        if "every" in values and "cron" in values:
            self._fail((*place, "cron"), "every stands there, too; remove one of them")
        endpoints = tuple(
            Endpoint(url=url, kind=kind) for key, kind in ENDPOINTS.items() for url in values.pop(key, ())
        )
        return Source(slug=slug, name=values.pop("name", slug), endpoints=endpoints, **values)

    def _value(self, slug: str, key: str, value: Any) -> Any:
        place = ("sources", slug, key)
        if key not in KEYS:
            remedy = checks.nearest(key, KEYS, f"the keys are {', '.join(KEYS)}")
            self._fail(place, f"a source has no such key; {remedy}")
        try:
            return KEYS[key](value)
        except checks.Wrong as error:
            self._fail((*place, *error.place), str(error), error.value)

    def _bad_syntax(self, error: Exception) -> NoReturn:
        found = _SYNTAX_PLACE.search(str(error))
        lines = self.text.splitlines() or [""]
        number = int(found[1]) if found and found[1] else len(lines)
        written = lines[min(number, len(lines)) - 1].strip()
        reason = _reason(error)
        remedy = TWICE_REMEDY if _TWICE.match(reason) else SYNTAX_REMEDY
        raise SourcesError(
            f"{self.name}, line {number}: {checks.shown(written)}: {reason}; {remedy}"
        ) from error

    def _fail(self, place: Place, message: str, value: Any = None) -> NoReturn:
        line = line_of(self.text, place, value)
        key = ".".join(part for part in place if isinstance(part, str))
        raise SourcesError(f"{self.name}, line {line}: {key}: {message}")


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return _SYNTAX_PLACE.sub("", str(error))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SourcesError(
            f"{path}, line {line}: a byte that is not UTF-8; save the file as UTF-8"
        ) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SourcesError(f"{path}: {reason}; `newsarchive add URL` begins one") from error


def _write(path: Path, text: str) -> None:
    """Whole or not at all: written beside, then put in its place."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise SourcesError(f"{path}: cannot be written ({(error.strerror or str(error)).lower()})") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced; for a new one what everybody may read."""
    return path.stat().st_mode & 0o777 if path.exists() else 0o644
