"""Writing articles: which article a page is, whether it changed, and all its rows in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Insert, Row, bindparam, insert, select, update

from storage import edit_ledger, events, ledger, moving, pictures, search_index, search_terms, takedown
from storage.captures import rows as captures
from storage.changes import Change, compare
from storage.gathering import later
from storage.models import article, byline, image, keyword, person, source, url, version
from storage.reading import load
from storage.records import Article, Block, Candidate, Image, Moment, Outcome, Submission
from storage.urls import key
from storage.words import count_words, fold

# Statements that each article asks are put together once: that costs more than running them.
SAME_TEXT = (
    select(article.c.id)
    .where(article.c.source_id == bindparam("source"), article.c.text_hash == bindparam("text"))
    .order_by(article.c.id)
    .limit(1)
)
_OWN, _CURRENT = article.alias("own"), version.alias("current")
# All that decides what becomes of a submission, in one row: a statement costs more than what it looks up.
LOOK = (
    select(
        takedown.REFUSED.scalar_subquery().label("refused"),
        SAME_TEXT.scalar_subquery().label("twin"),
        captures.AT_PLACE.scalar_subquery().label("capture"),
        source.c.slug,
        _CURRENT.c.article_id,
        _OWN.c.key,
        _CURRENT.c.number,
        _CURRENT.c.url,
        _CURRENT.c.content_hash,
        _CURRENT.c.word_count,
        _CURRENT.c.extractor,
        _CURRENT.c.is_accessible_for_free,
    )
    .select_from(source)
    .outerjoin(_OWN, _OWN.c.key == bindparam("address"))
    .outerjoin(_CURRENT, _CURRENT.c.id == _OWN.c.current_version_id)
    .where(source.c.id == bindparam("source"))
)
NEW_ARTICLE = insert(article).returning(article.c.id)
NEW_VERSION = insert(version).returning(version.c.id, version.c.in_language, version.c.date_published)
TOUCH = update(article).where(article.c.id == bindparam("article"))
_NAME = bindparam("named", type_=person.c.name.type)
_OF_THAT_NAME = select(person.c.id).where(person.c.name == _NAME)
NEW_PERSON = insert(person).from_select(
    ["name", "folded"],
    select(_NAME, bindparam("fold", type_=person.c.folded.type)).where(~_OF_THAT_NAME.exists()),
)
BYLINES = insert(byline).values(person_id=_OF_THAT_NAME.scalar_subquery())
IMAGES, KEYWORDS = insert(image), insert(keyword)


class _Known(NamedTuple):
    """An article of the archive, and what its current version is told by."""

    id: int
    key: str
    number: int
    url: str
    content_hash: str
    word_count: int
    extractor: str | None
    is_free: bool | None


class _Look(NamedTuple):
    """What the archive knows that decides what becomes of a submission."""

    known: _Known | None
    # The article at its canonical address.
    refused: int | None
    # The article that was taken down and that it would bring back.
    twin: int | None
    # An article of the same source with the same text.
    capture_id: int | None
    # The row of its raw bytes.
    slug: str
    # Of its source.


def store(connection: Connection, submission: Submission) -> Outcome:
    """Keep what is new of `submission` and write its outcome down, all in the caller's transaction.

    The same canonical URL is the same article, and the same text at another
    address of the same source is an alias of it. A changed text is a new
    version only when it was read where the last one was, or at the article's
    own address: an AMP or print page differs without anybody having edited the
    story. The teaser of an article that went behind a paywall replaces nothing.
    An article whose own address leads to its text elsewhere has moved there.
    What happened to the article since the last look goes to the edit ledger.
    """
    outcome = _keep(connection, submission)
    _note_where_it_led(connection, submission)
    return outcome


def _keep(connection: Connection, submission: Submission) -> Outcome:
    look = _look(connection, submission)
    known = look.known
    if known is None:
        if look.refused is not None:
            takedown.refuse(connection, submission)
            return _decide(connection, submission, Outcome.TAKEN_DOWN, look.refused)
        if moving.follow(connection, submission):
            known = _look(connection, submission).known
    if known is None:
        return _store_first(connection, submission, look)
    if known.content_hash == submission.content_hash:
        return _decide_same(connection, submission, known)
    if key(submission.final_url) not in (known.key, key(known.url)):
        return _decide(connection, submission, alias_outcome(submission), known.id)
    if submission.outcome is Outcome.PAYWALL and count_words(submission.article.body) < known.word_count:
        _found_there(connection, submission, known)
        return _decide(connection, submission, Outcome.PAYWALL, known.id)
    return _store_edit(connection, submission, known, look.capture_id)


def _store_edit(
    connection: Connection, submission: Submission, known: _Known, capture_id: int | None
) -> Outcome:
    """A known article with another fingerprint: a new version, and what was changed in it."""
    [before] = load(connection, [known.id])
    paywall = _change_of_access(connection, submission, known)
    changes = compare(
        before.article,
        submission.article,
        same_reader=known.extractor == submission.extractor,
        paywall=paywall,
        last_seen=before.last_checked_at,
    )
    if all(change is paywall for change in changes):  # the fingerprint is by another recipe
        _take_fingerprint(connection, submission, known.id)
        return _decide_same(connection, submission, known)
    edit_ledger.found_there(connection, known.id, at=submission.fetched_at)
    version_id = _insert_version(connection, submission, known.id, known.number + 1, capture_id).id
    _touch(connection, submission, known.id, current_version_id=version_id, text_hash=submission.text_hash)
    search_index.insert(connection, [(version_id, _terms(submission))])
    from storage import clusters  # numpy, 0.1 s to import: a crawl asks its first page before

    clusters.place(connection, known.id, submission.sketch, at=submission.fetched_at)
    edit_ledger.record(connection, known.id, changes, at=submission.fetched_at, version_id=version_id)
    return _decide(connection, submission, Outcome.UPDATED, known.id)


def _take_fingerprint(connection: Connection, submission: Submission, article_id: int) -> None:
    current = select(article.c.current_version_id).where(article.c.id == article_id).scalar_subquery()
    connection.execute(
        update(version).where(version.c.id == current).values(content_hash=submission.content_hash)
    )


def _note_where_it_led(connection: Connection, submission: Submission) -> None:
    """An article's own address that led to another page, which does not say that it is that article."""
    asked = key(submission.article.url)
    if asked in (key(submission.final_url), key(submission.article.canonical_url)):
        return
    own = connection.scalar(select(article.c.id).where(article.c.key == asked))
    if own is not None:
        edit_ledger.redirected(connection, own, at=submission.fetched_at, target=submission.final_url)


def alias_outcome(submission: Submission) -> Outcome:
    """How an alias is called: the server led to the article, or the page turned out to be it."""
    led_away = key(submission.final_url) != key(submission.article.url)
    return Outcome.REDIRECTED if led_away else Outcome.DUPLICATE


def record_absence(
    connection: Connection,
    decision: ledger.Decision,
    *,
    is_removed: bool = False,
    led_to: str | None = None,
) -> None:
    """Write down that a URL brought no article, and what that says of the one that lives at that address.

    `is_removed`: it is gone for good; `led_to`: the other page that it led to.
    """
    ledger.decide(connection, decision)
    if not is_removed and led_to is None:
        return
    address = select(url.c.key).where(url.c.id == decision.url_id).scalar_subquery()
    own = connection.scalar(select(article.c.id).where(article.c.key == address))
    if own is None:
        return
    if is_removed:
        edit_ledger.removed(connection, own, at=decision.at, detail=decision.detail)
    elif led_to is not None:
        edit_ledger.redirected(connection, own, at=decision.at, target=led_to)


def _look(connection: Connection, submission: Submission) -> _Look:
    capture = submission.capture
    place = {
        "file": capture.warc_file if capture else None,
        "offset": capture.warc_offset if capture else None,
    }
    refused, twin, capture_id, slug, *row = connection.execute(LOOK, takedown.asked(submission) | place).one()
    return _Look(None if row[0] is None else _Known(*row), refused, twin, capture_id, slug)


def _store_first(connection: Connection, submission: Submission, look: _Look) -> Outcome:
    """An address without an article: a new one, or an alias of one with the same text."""
    if look.twin is not None:
        return _decide(connection, submission, alias_outcome(submission), look.twin)
    from storage import clusters, sketches  # numpy, 0.1 s to import: a crawl asks its first page before

    new = sketches.new(connection, submission.sketch)
    article_id = _insert_article(connection, submission, new.packed)
    made = _insert_version(connection, submission, article_id, 1, look.capture_id)
    connection.execute(TOUCH, {"article": article_id, "current_version_id": made.id})
    search_index.insert_told(
        connection,
        made.id,
        _terms(submission),
        slug=look.slug,
        language=made.in_language,
        published=made.date_published or submission.fetched_at.astimezone(dt.UTC),
    )
    clusters.place_new(connection, article_id, new, at=submission.fetched_at)
    return _decide(connection, submission, submission.outcome, article_id)


def _decide_same(connection: Connection, submission: Submission, known: _Known) -> Outcome:
    """The article as it was: UNCHANGED where it lives or came from, at other addresses an alias."""
    came_from = select(url.c.id).where(
        url.c.id == submission.url_id, url.c.article_id == known.id, url.c.outcome.in_(ledger.LIVING)
    )
    is_home = key(submission.article.url) == known.key or connection.scalar(came_from) is not None
    if is_home or key(submission.final_url) == known.key:
        _found_there(connection, submission, known)
        edit_ledger.mark_checked(connection, known.id, known.number, at=submission.fetched_at)
    outcome = Outcome.UNCHANGED if is_home else alias_outcome(submission)
    return _decide(connection, submission, outcome, known.id)


def _decide(connection: Connection, submission: Submission, outcome: Outcome, article_id: int) -> Outcome:
    ledger.decide(
        connection,
        ledger.Decision(
            url_id=submission.url_id,
            outcome=outcome,
            at=submission.fetched_at,
            run_id=submission.run_id,
            next_fetch_at=submission.next_fetch_at,
            http_status=submission.http_status,
            detail=submission.detail,
            article_id=article_id,
        ),
    )
    return outcome


def _insert_article(connection: Connection, submission: Submission, sketch: bytes | None) -> int:
    row = {
        "source_id": submission.source_id,
        "canonical_url": submission.article.canonical_url,
        "key": key(submission.article.canonical_url),
        "first_seen_at": submission.fetched_at,
        "last_checked_at": submission.fetched_at,
        "next_check_at": submission.next_check_at,
        "text_hash": submission.text_hash,
        "sketch": sketch,
    }
    return int(connection.execute(NEW_ARTICLE, row).scalar_one())


def _found_there(connection: Connection, submission: Submission, known: _Known) -> None:
    """A known article was read at its address, and what was read there is no new version."""
    _touch(connection, submission, known.id)
    edit_ledger.found_there(connection, known.id, at=submission.fetched_at)
    paywall = _change_of_access(connection, submission, known)
    if paywall is not None:
        edit_ledger.record(connection, known.id, [paywall], at=submission.fetched_at)


def _change_of_access(connection: Connection, submission: Submission, known: _Known) -> Change | None:
    says = submission.article.is_accessible_for_free
    return edit_ledger.change_of_access(connection, known.id, known.is_free, says)


def _touch(connection: Connection, submission: Submission, article_id: int, **changed: object) -> None:
    """The article was read, and so is there; `changed` are further columns of it."""
    row = {"last_checked_at": submission.fetched_at, "next_check_at": submission.next_check_at, **changed}
    connection.execute(TOUCH, {"article": article_id, "removed_at": None, **row})


def _insert_version(
    connection: Connection, submission: Submission, article_id: int, number: int, capture_id: int | None
) -> Row[Any]:
    """A version with its parts; `capture_id`: None where its capture has no row yet."""
    row = {"article_id": article_id, "number": number, **version_row(submission)}
    if submission.capture:
        row["capture_id"] = capture_id or captures.add(connection, submission.capture, submission.run_id)
    made = connection.execute(NEW_VERSION, row).one()
    insert_parts(connection, submission.article, made.id)
    pictures.want(connection, made.id, submission.pictures)
    at = submission.fetched_at
    kind = events.EventKind.STORED if number == 1 else events.EventKind.VERSION
    events.tell(connection, kind, [article_id], at=at, version_id=made.id, number=number)
    return made


def _terms(submission: Submission) -> Mapping[str, str]:
    return submission.search_terms or search_terms.terms(submission.article)


def version_row(submission: Submission) -> dict[str, object]:
    """The columns of `version` that a submission fills."""
    item = submission.article
    return {
        "fetched_at": submission.fetched_at,
        "url": submission.final_url,
        "headline": item.headline,
        "description": item.description,
        "byline": item.byline,
        **_moment("date_published", item.date_published),
        **_moment("date_modified", item.date_modified),
        "body": item.body,
        "blocks": [_columns(block) for block in item.blocks],
        "word_count": count_words(item.body),
        "article_section": item.article_section,
        "in_language": item.in_language,
        "site_name": item.site_name,
        "is_accessible_for_free": item.is_accessible_for_free,
        "paywall_selector": item.paywall_selector,
        "genre": item.genre,
        "breadcrumbs": list(item.breadcrumbs),
        "corrections": list(item.corrections),
        "amp_url": item.amp_url,
        "license_url": item.license_url,
        "extractor": submission.extractor,
        "content_hash": submission.content_hash,
        "evidence": [_columns(candidate) for candidate in item.evidence],
    }


def _columns(record: Block | Image | Candidate) -> dict[str, object]:
    """A flat record by field; `asdict` copies deeply and costs ten times that."""
    return {name: getattr(record, name) for name in record.__slots__}


def _moment(column: str, moment: Moment | None) -> dict[str, object]:
    if moment is None:
        return {}
    value = moment.value
    instant = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time(), dt.UTC)
    return {
        column: instant,
        f"{column}_precision": "day" if moment.is_day else "instant",
        f"{column}_raw": moment.raw,
        f"{column}_origin": moment.origin,
    }


def insert_parts(connection: Connection, item: Article, version_id: int) -> None:
    """The rows of a version's bylines, pictures and keywords."""
    names = dict.fromkeys(named.name for named in item.bylines)
    if names:
        later(connection, NEW_PERSON, [{"named": name, "fold": fold(name)} for name in names])
    parts: list[tuple[Insert, list[dict[str, object]]]] = [
        (BYLINES, [{"named": named.name, "role": named.role} for named in item.bylines]),
        (IMAGES, [_columns(picture) for picture in item.images]),
        (KEYWORDS, [{"keyword": word} for word in item.keywords]),
    ]
    for statement, rows in parts:
        if rows:
            numbered = [{"version_id": version_id, "position": n, **row} for n, row in enumerate(rows)]
            later(connection, statement, numbered)
