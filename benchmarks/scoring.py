"""How well predicted articles fit the right ones: every figure between 0 and 1.

A page's truth and its prediction are compared field by field; `totals` puts the pages together.

    body_f1_page   overlap of four-word runs, mean of each page's F1, no text counts as 0
    body_p, body_r the same overlap's precision (over pages with text) and recall
    para_p, para_r share of our paragraphs that are the story's, and of the story's that we have
    standfirst     found in body or description
    headings_*, caption_*, credit, image_*   over all pages together
    title_*, authors_*, date_*, tags_f1      mean over the pages that have them
"""

from __future__ import annotations

import datetime as dt
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from rapidfuzz import fuzz

Record = dict[str, Any]
# One page's figures; None where a figure does not apply, a pair (hit, of …) is kept as counts.
Row = dict[str, Any]

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e]")
# Scripts without spaces: a character is a token.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
PLAIN = {
    ord(fancy): plain
    for plain, group in (('"', "“”„‟«»″"), ("'", "‘’‚‛`´′‹›"), ("-", "‐‑‒–—―−"))
    for fancy in group
}
BY = re.compile(r"^(?:written by|by|von|par|por|tekst|text|texte|author|autor|autorin|foto)\b[:\s]+")
TITLES = re.compile(r"^(?:(?:dr|prof|professor|mr|mrs|ms|sir|dame|med|rer|nat|phil|dipl|ing)\b\.?\s*)+")
CREDIT_WORD = re.compile(
    r"\b(?:photographs?|photographe|photos?|fotos?|fotografie|fotograf|fotografía|pictures?|images?|bild|credits?|"
    r"crédits?|crédito|quelle|source|illustration|graphic|copyright|courtesy of|by|via|von|af|par|por)\b[:.]?"
    r"|[©/|()\[\]:]"
)

RUN = 4  # words in a run
SAME = 90  # percent at which two texts are the same
SAME_CAPTION, SAME_CREDIT = 85, 85
LONG = 20  # characters from which a text is looked for inside another
MINUTE = 60

MEANS = [
    "body_f1_page",
    "para_p",
    "para_r",
    "para_struct",
    "standfirst",
    "title_exact",
    "title_fuzzy",
    "authors_p",
    "authors_r",
    "authors_f1",
    "authors_exact",
    "date_day",
    "date_instant",
    "tags_f1",
]
FIGURES = [
    "body_p",
    "body_r",
    "body_f1",
    "body_f1_page",
    "para_p",
    "para_r",
    "para_struct",
    "standfirst",
    "headings_p",
    "headings_r",
    "headings_f1",
    "title_exact",
    "title_fuzzy",
    "authors_f1",
    "authors_exact",
    "date_day",
    "date_instant",
    "caption_p",
    "caption_r",
    "caption_f1",
    "credit",
    "image_f1",
    "tags_f1",
]


# Texts


def fold(text: str | None) -> str:
    """`text` for comparing: case, quotes, dashes and white space evened out."""
    shown = unicodedata.normalize("NFKC", INVISIBLE.sub("", text or "")).translate(PLAIN)
    return " ".join(shown.replace("…", "...").casefold().split())


def runs(text: str) -> Counter[tuple[str, ...]]:
    """How often each run of four tokens comes."""
    tokens = TOKEN.findall(unicodedata.normalize("NFC", INVISIBLE.sub("", text)))
    if not tokens:
        return Counter()
    return Counter(tuple(tokens[i : i + RUN]) for i in range(max(1, len(tokens) - RUN + 1)))


def f1(hit: float, surplus: float, missing: float) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * hit / (2 * hit + surplus + missing) if hit else 0.0


def pair_up(
    left: Sequence[Any], right: Sequence[Any], likeness: Callable[[Any, Any], float], least: float
) -> list[tuple[int, int]]:
    """One-to-one pairs of places, the most alike first."""
    ranked = sorted(
        ((likeness(a, b), -i, -j) for i, a in enumerate(left) for j, b in enumerate(right)), reverse=True
    )
    pairs: dict[int, int] = {}
    for score, i, j in ranked:
        if score >= least and -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return list(pairs.items())


def same_paragraph(a: str, b: str) -> float:
    """Likeness in percent; 0 where the lengths alone rule it out."""
    if not a or not b or 2 * min(len(a), len(b)) < 0.9 * (len(a) + len(b)):
        return 0.0
    return fuzz.ratio(a, b, score_cutoff=SAME)


# The body


def bodies(truth: Record) -> list[str]:
    """The right body, with and without standfirst and sub-headings: each is accepted."""
    return [
        "\n\n".join(
            [*(truth["summary"] if with_standfirst else ())]
            + [
                text
                for section in truth["sections"]
                for text in (*(section["headline"] if with_headings else ()), *section["paragraphs"])
            ]
        )
        for with_standfirst in (True, False)
        for with_headings in (True, False)
    ]


def overlap(right: str, given: Counter[tuple[str, ...]]) -> tuple[float, float, float]:
    """Shared, surplus and missing runs, as shares of their sum."""
    wanted = runs(right)
    hit = sum((wanted & given).values())
    parts = (hit, sum(given.values()) - hit, sum(wanted.values()) - hit)
    return tuple(part / (sum(parts) or 1) for part in parts)  # type: ignore[return-value]


def body_figures(truth: Record, body: str) -> Row:
    """Overlap with the best of the accepted bodies."""
    given = runs(body)
    hit, surplus, missing = max(
        (overlap(right, given) for right in bodies(truth)), key=lambda parts: f1(*parts)
    )
    return {
        "body_f1_page": f1(hit, surplus, missing),
        "body_p": hit / (hit + surplus) if hit + surplus else None,
        "body_r": hit / (hit + missing) if hit + missing else None,
    }


def paragraph_figures(truth: Record, body: str) -> Row:
    """Paragraphs found and surplus; merged and split ones count in all but `para_struct`."""
    right = [p for p in (fold(p) for s in truth["sections"] for p in s["paragraphs"]) if p]
    given = [p for p in map(fold, re.split(r"\n+", body)) if p]
    pairs = dict(pair_up(right, given, same_paragraph, SAME))
    taken = set(pairs.values())
    neutral = [fold(t) for t in truth["summary"]] + [
        fold(h) for s in truth["sections"] for h in s["headline"]
    ]
    others = [j for j in range(len(given)) if j not in taken]
    skipped = {others[k] for _, k in pair_up(neutral, [given[j] for j in others], same_paragraph, SAME)}
    free = [text for i, text in enumerate(right) if i not in pairs]
    rest = [given[j] for j in others if j not in skipped]
    counted = len(given) - len(skipped)
    whole = " ".join(given)
    missed = [text for text in free if len(text) < LONG or text not in whole]
    return {
        "para_p": (len(pairs) + _parts(rest, free)) / counted if counted else 0.0,
        "para_r": 1 - len(missed) / len(right) if right else None,
        "para_struct": f1(len(pairs), counted - len(pairs), len(right) - len(pairs)),
        "missed": missed,
        "surplus": rest,
    }


def _parts(given: list[str], free: list[str]) -> int:
    """How many of `given` are several of `free` in one, or a piece of one; each is used up once."""
    good, taken = 0, Counter[str]()
    for text in given:
        inside = [t for t in free if len(t) >= LONG and t in text]
        if len(text) < LONG:
            continue
        if sum(map(len, inside)) >= 0.9 * len(text):
            good += 1
            free = [t for t in free if t not in inside]
        elif " \n ".join(free).count(text) > taken[text]:
            good += 1
            taken[text] += 1
    return good


def has_standfirst(summary: Iterable[str], body: str, description: str) -> bool:
    """Whether each part of the standfirst stands in the body or is the description."""
    flat, said = fold(body), fold(description)
    paragraphs = [fold(p) for p in re.split(r"\n+", body)]

    def found(part: str) -> bool:
        if len(part) >= LONG and (part in flat or part in said):
            return True
        return any(same_paragraph(part, text) >= SAME for text in (*paragraphs, said))

    return all(found(part) for part in map(fold, summary) if part)


# Names, dates, pictures


def name_key(name: str) -> str:
    """A name without "By", titles and punctuation."""
    bare = TITLES.sub("", BY.sub("", fold(name).replace("@", "")))
    return " ".join(re.sub(r"[.,;:|*()\[\]]+", " ", bare).split())


def set_figures(right: set[str], given: set[str], prefix: str) -> Row:
    """Precision, recall, F1 and exactness of a set."""
    hit = len(right & given)
    return {
        f"{prefix}_p": hit / len(given) if given else 0.0,
        f"{prefix}_r": hit / len(right) if right else 0.0,
        f"{prefix}_f1": f1(hit, len(given) - hit, len(right) - hit),
        f"{prefix}_exact": float(right == given),
    }


def moment(text: str | None) -> tuple[dt.datetime | None, bool]:
    """The point in time that ISO 8601 `text` names, and whether it has an hour."""
    try:
        return dt.datetime.fromisoformat(str(text or "").strip()), "T" in str(text)
    except ValueError:
        return None, False


def date_figures(right: str, given: str | None) -> Row:
    """The same day, by either side's zone; the same instant to the minute."""
    wanted, _ = moment(right)
    got, has_hour = moment(given)
    if wanted is None:
        return {}
    instant = None if wanted.tzinfo is None else 0.0
    if got is None:
        return {"date_day": 0.0, "date_instant": instant}
    days = {got.date()}
    if wanted.tzinfo and got.tzinfo:
        days.add(got.astimezone(wanted.tzinfo).date())
        if has_hour:
            instant = float(abs((got - wanted).total_seconds()) <= MINUTE)
    return {"date_day": float(wanted.date() in days), "date_instant": instant}


def credit_key(text: str | None) -> str:
    """A credit without "Photo:" and its like."""
    return " ".join(re.sub(r"[.,;\-]+", " ", CREDIT_WORD.sub(" ", fold(text))).split())


def same_caption(right: tuple[str, str], given: tuple[str, str]) -> float:
    """Likeness in percent of two (caption, credit), the credit counting or not on either side."""
    forms = [
        [text for text in (c, f"{c} {k}", f"{k} {c}") if c and (k or text == c)]
        for c, k in ((fold(caption), fold(credit)) for caption, credit in (right, given))
    ]
    best = max((fuzz.ratio(a, b) for a in forms[0] for b in forms[1]), default=0.0)
    if best < SAME_CAPTION and all(forms) and _only_credit_added(right, given):
        return float(SAME)
    return best


def _only_credit_added(right: tuple[str, str], given: tuple[str, str]) -> bool:
    caption, whole, names = fold(right[0]), fold(given[0]), credit_key(right[1])
    if not names or len(caption) < 10 or caption not in whole:
        return False
    added = credit_key(whole.replace(caption, " ", 1))
    return bool(added) and fuzz.token_set_ratio(added, names) >= SAME_CREDIT and len(added) <= len(names) + 25


def same_credit(right: str | None, given: str | None) -> bool:
    """Whether the right credit was found, give or take a few words."""
    wanted, got = credit_key(right), credit_key(given)
    if not wanted or not got:
        return False
    return fuzz.token_sort_ratio(wanted, got) >= SAME_CREDIT or (
        wanted in got and len(got) <= 2 * len(wanted) + 20
    )


def address_key(url: str | None) -> str | None:
    """An image's address without scheme and query, which name sizes."""
    if not url or url.startswith("data:"):
        return None
    parts = urlsplit(url)
    return unquote(parts.netloc.lower().removeprefix("www.") + parts.path).rstrip("/")


def _captions(images: Iterable[Record]) -> list[tuple[str, str]]:
    """Each caption once, with its credit."""
    kept: dict[str, tuple[str, str]] = {}
    for image in images:
        if image.get("caption"):
            kept.setdefault(fold(image["caption"]), (image["caption"], image.get("credit") or ""))
    return list(kept.values())


def image_figures(right: list[Record], given: list[Record]) -> Row:
    """Captions one to one; credits on the right image; images by address, in any size."""
    wanted, got = _captions(right), _captions(given)
    pairs = len(pair_up(wanted, got, same_caption, SAME_CAPTION))
    found = credits_found = 0
    for image in right:
        keys = {address_key(url) for url in (image["url"], *(image.get("urls") or ()))} - {None}
        matches = [i for i in given if address_key(i.get("url")) in keys]
        found += bool(matches)
        mine = (image["caption"] or "", image["credit"] or "")
        if image["caption"]:
            matches += [i for i in given if _matches(mine, i)]
        credits_found += bool(image["credit"]) and any(
            same_credit(image["credit"], i.get("credit")) for i in matches
        )
    listed = {address_key(image.get("url")) for image in given} - {None}
    return {
        "caption": (pairs, len(got) - pairs, len(wanted) - pairs),
        "image": (found, max(0, len(listed) - found), len(right) - found),
        "credit": (credits_found, 0, sum(bool(image["credit"]) for image in right) - credits_found),
    }


def _matches(mine: tuple[str, str], image: Record) -> bool:
    theirs = (image.get("caption") or "", image.get("credit") or "")
    return bool(theirs[0]) and same_caption(mine, theirs) >= SAME_CAPTION


# Pages


def page_figures(truth: Record, given: Record) -> Row:
    """All that can be said of one page."""
    body = given.get("body") or ""
    row: Row = {"id": truth["id"], "empty": not body.strip()}
    row |= body_figures(truth, body) | paragraph_figures(truth, body)
    if truth["summary"]:
        row["standfirst"] = float(has_standfirst(truth["summary"], body, given.get("description") or ""))
    headings = [h for h in (fold(h) for s in truth["sections"] for h in s["headline"]) if h]
    if headings:
        ours = [h for h in map(fold, given.get("headings") or ()) if h]
        hit = len(pair_up(headings, ours, fuzz.ratio, SAME))
        row["headings"] = (hit, len(ours) - hit, len(headings) - hit)
    return row | _label_figures(truth, given)


def _label_figures(truth: Record, given: Record) -> Row:
    row: Row = {}
    if truth["title"]:
        wanted, got = fold(truth["title"]), fold(given.get("title"))
        row |= {
            "title_exact": float(wanted == got),
            "title_fuzzy": float(bool(got) and fuzz.ratio(wanted, got) >= SAME),
        }
    if truth["authors"]:
        sides = [
            {name_key(name) for name in names or ()} - {""}
            for names in (truth["authors"], given.get("authors"))
        ]
        row |= set_figures(*sides, "authors")
    if truth["published"]:
        row |= date_figures(truth["published"], given.get("published"))
    if truth["tags"]:
        sides = [{fold(tag) for tag in tags or ()} - {""} for tags in (truth["tags"], given.get("tags"))]
        row |= set_figures(*sides, "tags")
    if truth["images"] is not None:
        row |= image_figures(truth["images"], given.get("images") or [])
    return row


def totals(rows: Sequence[Row]) -> dict[str, float]:
    """The pages' figures put together."""
    result = {}
    for key in (*MEANS, "body_p", "body_r"):
        values = [row[key] for row in rows if row.get(key) is not None]
        if values:
            result[key] = statistics.mean(values)
    sides = result.get("body_p", 0.0), result.get("body_r", 0.0)
    result["body_f1"] = 2 * sides[0] * sides[1] / (sum(sides) or 1)
    for key in ("headings", "caption", "image"):
        hit, surplus, missing = _sums(row[key] for row in rows if row.get(key))
        result[f"{key}_p"] = hit / (hit + surplus) if hit else 0.0
        result[f"{key}_r"] = hit / (hit + missing) if hit else 0.0
        result[f"{key}_f1"] = f1(hit, surplus, missing)
    hit, _, missing = _sums(row["credit"] for row in rows if row.get("credit"))
    result["credit"] = hit / (hit + missing) if hit else 0.0
    return result


def _sums(counts: Iterable[tuple[int, int, int]]) -> tuple[int, int, int]:
    columns = list(zip(*counts, strict=True)) or [(), (), ()]
    return sum(columns[0]), sum(columns[1]), sum(columns[2])
