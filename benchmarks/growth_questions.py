"""What an archive of generated articles is asked, kind by kind: the same, whatever database it is in."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from growth_press import DAYS, Press

from storage import Archive
from storage.filters import EVERYTHING, Filter

PAGE = 20  # hits
EACH = 12  # questions of a kind

Ask = Callable[[Archive], Any]


class Question(NamedTuple):
    """Something that is asked, and of which kind it is."""

    kind: str
    ask: Ask


def searches(press: Press) -> Iterator[Question]:
    """First pages of hits, with their excerpts."""
    rng = random.Random("searches")
    spaced = [press.languages[code] for code in ("en", "de", "fr", "es", "ru", "ar")]
    unspaced = [press.languages[code] for code in ("zh", "ja")]

    def word(first: int, last: int, among: Any = spaced) -> str:
        return str(rng.choice(among).words[rng.randrange(first, last)])

    def pair(first: int, last: int) -> tuple[str, str]:
        words = rng.choice(spaced).words
        return words[rng.randrange(first, last)], words[rng.randrange(first, last)]

    def day() -> dt.date:
        return (press.start + dt.timedelta(days=rng.randrange(DAYS))).date()

    for _ in range(EACH):
        yield _search("a rare word", word(20_000, 60_000))
        yield _search("a word", word(500, 3_000))
        yield _search("a common word", word(0, 20))
        yield _search("two words", " ".join(pair(100, 3_000)))
        yield _search(
            "a common word and a word", " ".join((word(0, 5, spaced[:1]), word(500, 3_000, spaced[:1])))
        )
        yield _search("two common words", " ".join(pair(0, 20)))
        yield _search("a OR b", " OR ".join(pair(100, 3_000)))
        yield _search("a NOT b", " NOT ".join(pair(0, 100)))
        yield _search("a phrase", f'"{" ".join(pair(0, 100))}"')
        yield _search("a beginning*", f"{word(500, 3_000)[:4]}*")
        yield _search("two characters", word(500, 3_000, unspaced)[:2])
        yield _search("a common character", word(0, 10, unspaced)[:1])
        yield _search("five characters", "".join(word(20, 200, unspaced[:1]) for _ in range(3))[:5])
        source = rng.choice(press.sources)
        common = str(press.languages[source.language].words[rng.randrange(20)])
        yield _search("a common word in a source", common, Filter(source=source.slug))
        yield _search("a common word in a language", word(0, 20, spaced[:1]), Filter(language="en"))
        yield _search("a word in a rare language", "2026 OR " + word(0, 20, unspaced), Filter(language="ja"))
        on = day()
        yield _search("a common word on a day", word(0, 20), Filter(since=on, until=on))
        yield _search(
            "a common word in a quarter", word(0, 20), Filter(since=on, until=on + dt.timedelta(days=90))
        )
        name = press.people[rng.choice(source.staff)]
        yield _search("a common word by an author", common, Filter(author=name))
        yield _search("a common word by part of a name", common, Filter(author=name[:5]))
        yield _search("a word, newest first", word(500, 3_000), order="date")
        yield _search("a common word, newest first", word(0, 20), order="date")
        yield _search("a common word, each story once", word(0, 20), unique=True)


def _search(kind: str, query: str, where: Filter = EVERYTHING, **how: Any) -> Question:
    return Question(kind, lambda archive: archive.search(query, where, limit=PAGE, **how))


def accounts(press: Press) -> Iterator[Question]:
    """What is asked of single articles, of sources, and of the archive as a whole."""
    rng = random.Random("accounts")
    last_day = (press.start + dt.timedelta(days=DAYS - 1)).date()
    fortnight = {"first": last_day - dt.timedelta(days=13), "last": last_day}

    for _ in range(EACH):
        place = rng.randrange(press.articles)
        source = press.sources[press.source_of[place]].slug
        cursor, address = rng.randrange(press.articles), press.address(place)
        yield Question("get", lambda a, n=place + 1: a.get(n))
        yield Question("changes", lambda a, n=place + 1: a.changes(n))
        yield Question("history: versions", lambda a, n=place + 1: a.versions(n))
        yield Question("100 events", lambda a, since=cursor: list(a.events(since, limit=100)))
        yield Question("why", lambda a, url=address: a.life(url))
        yield Question("coverage of a source, 14 days", lambda a, s=source: a.days(source=s, **fortnight))
        yield Question("coverage of a source, all days", lambda a, s=source: a.coverage(source=s))
    for _ in range(3):
        yield Question("count", lambda a: a.count())
        yield Question("status: sources and their sums", lambda a: a.sources())
        yield Question("status: against the usual", lambda a: a.health())
        yield Question("coverage of all sources, 14 days", lambda a: a.days(**fortnight))
        yield Question("alarms", lambda a: a.alarms())
