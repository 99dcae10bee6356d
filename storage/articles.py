"""Writing articles: which article a page is, whether it changed, and all its rows in one transaction."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import Connection, Insert, bindparam, insert, select, update

from storage import edit_ledger, events, ledger, moving, pictures, search_index, search_terms, takedown
from storage.captures import rows as captures
from storage.changes import Change, compare
from storage.models import article, byline, image, keyword, person, url, version
from storage.reading import load
from storage.records import Article, Block, Candidate, Image, Moment, Outcome, Submission
from storage.upserts import upsert
from storage.urls import key
from storage.words import count_words, fold

# Statements that each article asks are put together once: that costs more than running them.
BY_KEY = (
    select(
        article.c.id,
        article.c.key,
        version.c.number,
        version.c.url,
        version.c.content_hash,
        version.c.word_count,
        version.c.extractor,
        version.c.is_accessible_for_free,
    )
    .join(version, version.c.id == article.c.current_version_id)
    .where(article.c.key == bindparam("address"))
)
SAME_TEXT = (
    select(article.c.id)
    .where(article.c.source_id == bindparam("source"), article.c.text_hash == bindparam("text"))
    .order_by(article.c.id)
    .limit(1)
)
NEW_ARTICLE = insert(article).returning(article.c.id)
NEW_VERSION = insert(version).returning(version.c.id)
TOUCH = update(article).where(article.c.id == bindparam("article"))
NAMED = select(person.c.name, person.c.id).where(person.c.name.in_(bindparam("names", expanding=True)))
BYLINES, IMAGES, KEYWORDS = insert(byline), insert(image), insert(keyword)


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
    address = key(submission.article.canonical_url)
    known = _by_key(connection, address)
    if known is None:
        taken_down = takedown.refuses(connection, submission)
        if taken_down is not None:
            takedown.refuse(connection, submission)
            return _decide(connection, submission, Outcome.TAKEN_DOWN, taken_down)
        if moving.follow(connection, submission):
            known = _by_key(connection, address)
    if known is None:
        return _store_first(connection, submission)
    if known.content_hash == submission.content_hash:
        return _decide_same(connection, submission, known)
    if key(submission.final_url) not in (known.key, key(known.url)):
        return _decide(connection, submission, alias_outcome(submission), known.id)
    if submission.outcome is Outcome.PAYWALL and count_words(submission.article.body) < known.word_count:
        _found_there(connection, submission, known)
        return _decide(connection, submission, Outcome.PAYWALL, known.id)
    return _store_edit(connection, submission, known)


def _store_edit(connection: Connection, submission: Submission, known: _Known) -> Outcome:
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
    version_id = _insert_version(connection, submission, known.id, known.number + 1)
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


def _same_text(connection: Connection, submission: Submission) -> int | None:
    """The id of an article of the same source with the same text, or None."""
    if submission.text_hash is None:
        return None
    return connection.scalar(SAME_TEXT, {"source": submission.source_id, "text": submission.text_hash})


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


def _by_key(connection: Connection, article_key: str) -> _Known | None:
    row = connection.execute(BY_KEY, {"address": article_key}).one_or_none()
    return _Known(*row) if row else None


def _store_first(connection: Connection, submission: Submission) -> Outcome:
    """An address without an article: a new one, or an alias of one with the same text."""
    twin = _same_text(connection, submission)
    if twin is not None:
        return _decide(connection, submission, alias_outcome(submission), twin)
    article_id = _insert_article(connection, submission)
    _insert_version(connection, submission, article_id, 1)
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


def _insert_article(connection: Connection, submission: Submission) -> int:
    row = {
        "source_id": submission.source_id,
        "canonical_url": submission.article.canonical_url,
        "key": key(submission.article.canonical_url),
        "first_seen_at": submission.fetched_at,
        "last_checked_at": submission.fetched_at,
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


def _insert_version(connection: Connection, submission: Submission, article_id: int, number: int) -> int:
    row = {"article_id": article_id, "number": number, **version_row(submission)}
    if submission.capture:
        row["capture_id"] = captures.keep(connection, submission.capture, submission.run_id)
    version_id = int(connection.execute(NEW_VERSION, row).scalar_one())
    insert_parts(connection, submission.article, version_id)
    pictures.want(connection, version_id, submission.pictures)
    _touch(connection, submission, article_id, current_version_id=version_id, text_hash=submission.text_hash)
    terms = submission.search_terms or search_terms.terms(submission.article)
    search_index.insert(connection, [(version_id, terms)])
    at = submission.fetched_at
    kind = events.EventKind.STORED if number == 1 else events.EventKind.VERSION
    events.tell(connection, kind, [article_id], at=at, version_id=version_id, number=number)
    from storage import clusters, sketches  # numpy, 0.1 s to import: a crawl asks its first page before

    before = sketches.NEW if number == 1 else None
    clusters.place(connection, article_id, submission.sketch, at=at, before=before)
    return version_id


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
    people = _people(connection, [named.name for named in item.bylines])
    parts: list[tuple[Insert, list[dict[str, object]]]] = [
        (BYLINES, [{"person_id": people[named.name], "role": named.role} for named in item.bylines]),
        (IMAGES, [_columns(picture) for picture in item.images]),
        (KEYWORDS, [{"keyword": word} for word in item.keywords]),
    ]
    for statement, rows in parts:
        if rows:
            numbered = [{"version_id": version_id, "position": n, **row} for n, row in enumerate(rows)]
            connection.execute(statement, numbered)


def _people(connection: Connection, names: list[str]) -> dict[str, int]:
    """The id of each named person or organisation, new ones added."""
    if not names:
        return {}
    known = {row.name: row.id for row in connection.execute(NAMED, {"names": names})}
    new = [{"name": name, "folded": fold(name)} for name in dict.fromkeys(names) if name not in known]
    if new:
        add = upsert(connection, person).on_conflict_do_nothing(index_elements=[person.c.name])
        connection.execute(add, new)
        added = [row["name"] for row in new]
        known |= {row.name: row.id for row in connection.execute(NAMED, {"names": added})}
    return known
