"""A press without end, for benchmarks of growth: the same article for the same number, whenever it is asked.

Up to a thousand sources in eight languages, four of them without Latin letters, two of these without spaces.
Words are made up, but for the commonest of each language, and come as often as real ones do (Zipf). Any chunk
of articles can be had by itself, so that several processes write them at once.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.fingerprint import content_hash, fingerprinted, text_hash
from storage.records import (
    Article,
    Block,
    BlockKind,
    Byline,
    Candidate,
    Image,
    Moment,
    Role,
    Submission,
)
from storage.shingles import sketch
from storage.words import fold, index_terms

CHUNK = 1_000
DAYS = 2 * 365
VOCABULARY = 60_000
SENTENCE = 17  # words
PEOPLE, STAFF = 20_000, 30  # names in all; of each source
EDITED = 12  # every so-manieth article has a second version
MINUTE = dt.timedelta(minutes=1)
SECTIONS = ["Politics", "Business", "World", "Culture", "Science", "Sport", "Opinion", "Local"]
COMMON = {
    "en": "the of to and in a is that for it on was with as by he at from said his",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur",
    "es": "de la que el en y a los se del las un por con no una su para es al",
    "ru": "в и не на что с по он как его за из от о для это к у года но",
    "ar": "في من على إلى أن التي عن مع هذا الذي كان بعد ما لا قال بين كل هو هذه أو",
    "zh": "的 是 在 了 和 有 不 人 这 中 大 为 上 个 国 我 以 要 他 时",
    "ja": "の に は を た が で て と し れ さ ある いる も する から な こと として",
}
LANGUAGES = tuple(COMMON)
SHARES = (0.3, 0.14, 0.1, 0.12, 0.1, 0.08, 0.08, 0.08)
LETTERS = {
    "ru": ("бвгджзклмнпрстфхцчш", "аеиоуыя"),
    "ar": ("بتجحدرزسشصطعغفقكلمنهي", "اوي"),
}
LATIN = ("bdfghjklmnprstvwz", "aeiou")
UNSPACED = {"zh": (0x4E00, 0x5E00), "ja": (0x5E00, 0x6A00)}


class Language:
    """The words of one language, the commonest first, each the rarer the later it comes."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.is_unspaced = code in UNSPACED
        rng = random.Random(code)
        words = dict.fromkeys(COMMON[code].split())
        while len(words) < VOCABULARY:
            words[self._word(rng, len(words))] = None
        self.words = np.array(list(words), dtype=object)
        self.folded = np.array([fold(word) for word in words], dtype=object)
        chances = 1 / (np.arange(VOCABULARY) + 2.7)
        self.chances = np.cumsum(chances / chances.sum())

    def _word(self, rng: random.Random, rank: int) -> str:
        if self.code in UNSPACED:
            first, last = UNSPACED[self.code]
            return "".join(chr(rng.randrange(first, last)) for _ in range(rng.choice((1, 2, 2, 2, 3))))
        consonants, vowels = LETTERS.get(self.code, LATIN)
        syllables = 1 + rank.bit_length() // 5
        return "".join(rng.choice(consonants) + rng.choice(vowels) for _ in range(syllables)) + rng.choice(
            consonants
        )

    def draw(self, dice: np.random.Generator, number: int) -> NDArray[np.int64]:
        """So many words, by their rank."""
        return np.searchsorted(self.chances, dice.random(number))

    def line(self, ranks: NDArray[np.int64]) -> str:
        """Words as a headline or a caption."""
        return self._sentence(self.words[ranks].tolist())[:-1]

    def body(self, ranks: NDArray[np.int64]) -> Body:
        """Words as paragraphs of three sentences."""
        words, folded = self.words[ranks].tolist(), self.folded[ranks].tolist()
        places = range(0, len(words), SENTENCE)
        sentences = [self._sentence(words[n : n + SENTENCE]) for n in places]
        between = "" if self.is_unspaced else " "
        paragraphs = tuple(between.join(sentences[n : n + 3]) for n in range(0, len(sentences), 3))
        if not self.is_unspaced:
            return Body(paragraphs, folded, " ".join(folded), len(words))
        runs = ["".join(folded[n : n + SENTENCE]) for n in places]
        terms = " ".join(term for run in runs for term in index_terms(run))
        return Body(paragraphs, runs, terms, sum(map(len, runs)))

    def _sentence(self, words: list[str]) -> str:
        return "".join(words) + "。" if self.is_unspaced else f"{' '.join(words).capitalize()}."


class Body(NamedTuple):
    """A text, and what the archive would read out of it: known already, since its words are made up."""

    paragraphs: tuple[str, ...]
    words: list[str]
    # pipelines.fingerprint.body_words
    terms: str
    # storage.words.index_text
    count: int
    # storage.words.count_words


class Story(NamedTuple):
    """An article as it is stored."""

    submission: Submission
    body: Body | None = None
    # None: its text is to be read.


@dataclass(frozen=True)
class Source:
    """A newspaper."""

    id: int
    slug: str
    language: str
    staff: tuple[int, ...]
    # Numbers of people.


class Press:
    """All articles of an archive of `articles`, whose last one was published on the day before `until`."""

    def __init__(self, articles: int, until: dt.date) -> None:
        self.articles = articles
        self.start = dt.datetime.combine(until - dt.timedelta(days=DAYS), dt.time.min, dt.UTC)
        number = max(10, min(1_000, articles // 100))
        rng = random.Random(number)
        languages = rng.choices(LANGUAGES, SHARES, k=number)
        self.sources = [
            Source(n + 1, f"paper-{n + 1}", language, tuple(rng.sample(range(PEOPLE), STAFF)))
            for n, language in enumerate(languages)
        ]
        dice = np.random.default_rng(articles)
        sizes = 1 / (np.arange(number) + 10.0)
        self.source_of = dice.choice(number, size=articles, p=sizes / sizes.sum())
        self.minute_of = np.sort(dice.integers(0, DAYS * 1_440 - 120, size=articles))

    @cached_property
    def languages(self) -> dict[str, Language]:
        """By code."""
        return {code: Language(code) for code in LANGUAGES}

    @cached_property
    def people(self) -> list[str]:
        """Names, each once."""
        rng = random.Random("people")
        words = [word.title() for word in self.languages["en"].words[100:1_500].tolist()]
        names: dict[str, None] = {}
        while len(names) < PEOPLE:
            names[f"{rng.choice(words)} {rng.choice(words)}"] = None
        return list(names)

    def run_id(self, source: Source, at: dt.datetime) -> int:
        """The run of a source on the day of `at`: there is one a day."""
        return (source.id - 1) * DAYS + (at - self.start).days + 1

    def version_id(self, article: int) -> int:
        """Of the first version of the article with this number (from 0): versions come as they are stored."""
        return article + _edited_before(article // CHUNK * CHUNK) + 1

    def published(self, place: int) -> dt.datetime:
        """When the article with this number (from 0) came out: they are in order."""
        return self.start + int(self.minute_of[place]) * MINUTE

    def address(self, place: int) -> str:
        """Where it lives."""
        slug = self.sources[self.source_of[place]].slug
        return f"https://{slug}.example/{self.published(place):%Y/%m/%d}/story-{place + 1}"

    def chunk(self, number: int) -> list[Story]:
        """The articles from `number` * CHUNK on as they are stored: all first versions, then the second."""
        places = range(number * CHUNK, min((number + 1) * CHUNK, self.articles))
        dice, rng = np.random.default_rng([self.articles, number]), random.Random(number)
        first = [self._first(place, dice, rng) for place in places]
        edited = (one for place, one in zip(places, first, strict=True) if place % EDITED == EDITED - 1)
        return first + [self._second(one, dice) for one in edited]

    def _first(self, place: int, dice: np.random.Generator, rng: random.Random) -> Story:
        source, published = self.sources[self.source_of[place]], self.published(place)
        fetched = published + rng.randrange(60) * MINUTE
        address = self.address(place)
        language = self.languages[source.language]
        length = int(min(2_000, max(60, rng.lognormvariate(4.95, 0.5))))
        body = language.body(language.draw(dice, length))
        article = self._article(source, address, published, body, dice, rng)
        submission = Submission(
            article=article,
            source_id=source.id,
            url_id=place + 1,
            run_id=self.run_id(source, fetched),
            fetched_at=fetched,
            final_url=address,
            http_status=200,
            extractor="growth",
            text_hash=text_hash(article, body.words),
            content_hash=content_hash(article),
            sketch=sketch(body.words),
        )
        return Story(submission, body)

    def _article(
        self,
        source: Source,
        address: str,
        published: dt.datetime,
        body: Body,
        dice: np.random.Generator,
        rng: random.Random,
    ) -> Article:
        language = self.languages[source.language]
        lines = language.draw(dice, 60)
        pictures = rng.choice((0, 1, 1, 2, 3))
        headline = language.line(lines[:8])
        writers = [self.people[one] for one in rng.sample(source.staff, rng.choice((0, 1, 1, 1, 2)))]
        return Article(
            url=address,
            canonical_url=address,
            headline=headline,
            description=language.line(lines[8:23]) if rng.random() < 0.5 else None,
            byline=f"By {' and '.join(writers)}" if writers else None,
            bylines=tuple(Byline(name=name, role=Role.WRITER) for name in writers),
            date_published=Moment(value=published, raw=published.isoformat(), origin="json-ld"),
            blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in body.paragraphs),
            images=tuple(
                Image(
                    url=f"{address}/{n}.jpg",
                    caption=language.line(lines[23 + 9 * n : 32 + 9 * n]),
                    credit_line=self.people[rng.choice(source.staff)],
                    is_lead=n == 0,
                    block_position=n,
                )
                for n in range(pictures)
            ),
            keywords=tuple(dict.fromkeys(language.line(lines[n : n + 1]) for n in (51, 52, 53))),
            article_section=rng.choice(SECTIONS),
            in_language=source.language,
            site_name=source.slug,
            evidence=(
                Candidate(field="headline", value=headline, origin="json-ld headline", chosen=True),
                Candidate(field="headline", value=headline, origin="h1", chosen=False),
                Candidate(field="date_published", value=published.isoformat(), origin="json-ld", chosen=True),
                Candidate(field="canonical_url", value=address, origin="link rel=canonical", chosen=True),
            ),
        )

    def _second(self, first: Story, dice: np.random.Generator) -> Story:
        """The same article half an hour later: another headline, a sentence more."""
        before = first.submission
        language = self.languages[before.article.in_language or "en"]
        ranks = language.draw(dice, 8 + SENTENCE)
        more = language.body(ranks[8:]).paragraphs[0]
        blocks = (*before.article.blocks, Block(kind=BlockKind.PARAGRAPH, text=more))
        edited = replace(before.article, headline=language.line(ranks[:8]), blocks=blocks)
        return Story(
            fingerprinted(replace(before, article=edited, fetched_at=before.fetched_at + 30 * MINUTE))
        )


def _edited_before(article: int) -> int:
    return article // EDITED
