"""The tables. What each column means for a reader of the archive stands in README's data dictionary.

Every instant is UTC. Every constraint has a name, since SQLite can only change
a table by copying it, and Alembic finds constraints by name.

    source -< endpoint          where a source names its articles
    lease                       which process is at which source or host
    source -< url               the ledger: a row for each announced URL
    url >-< endpoint            announcement: who named it, in which run
    url -< attempt              each time that it was asked for, or was to be
    source -< article -< version -< byline >- person
                                 version -< image >- picture_file
                                 version -< keyword
                      article -< change               what happened to it, in order
                      article -< check_mark           how often a version was found as it was
                      article -< event                what happened in the archive, as it was written
    capture -< version                                the stored response that it was read from
    cluster -< copy >- article                        the articles that are made of one text
    source -< source_day        what a day's crawls met there: what is usual is told from these
    alarm -< alarm_notice       what is not as usual, and who was told of it
                      article -< sketch               by which such articles are found
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    Unicode,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeEngine

from storage.health.tally import COUNTS

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UTCDateTime(TypeDecorator[dt.datetime]):
    """An aware instant. SQLite keeps no offset, so UTC goes in and UTC comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class PageText(TypeDecorator[str]):
    """Any text that a page, a feed or a person may give: what no database takes is replaced.

    Lone surrogates have no UTF-8 (a JSON feed may write them all the same), and
    PostgreSQL has no NUL. One bad title must not lose the feed that it stands in.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # In the order of its bytes, as on SQLite: no index depends on the server's idea of a language.
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


# PostgreSQL gives an id to each row that is offered, taken or not: 32 bits would not last for ever.
Id = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def _ref(column: str, target: str, *, nullable: bool = False, **kwargs: Any) -> Column[int]:
    return Column(column, Id, ForeignKey(target), nullable=nullable, **kwargs)


source = Table(
    "source",
    metadata,
    _id(),
    Column("slug", PageText, nullable=False, unique=True),
    Column("name", PageText, nullable=False),
    Column("home_page", PageText, nullable=False),
    Column("language", String(35)),
    Column("country", String(2)),
    Column("time_zone", String(64)),
    Column("probed_at", UTCDateTime),  # when its home page was last searched for feeds and sitemaps
    Column("paused_at", UTCDateTime),  # since when a person wants no scheduled crawl of it
    Column("profile", JSON),  # at which hours its news comes (crawler.scheduling.rhythm.Profile)
    Column("lateness", JSON),  # how late it edits (crawler.scheduling.rhythm.Lateness)
)

endpoint = Table(
    "endpoint",
    metadata,
    _id(),
    _ref("source_id", "source.id"),
    Column("url", PageText, nullable=False),
    Column("kind", String(20), nullable=False),  # crawler.items.EndpointKind
    _ref("parent_id", "endpoint.id", nullable=True),  # the index that names this sitemap
    Column("modified_at", UTCDateTime),  # the date that the index gives it
    Column("etag", PageText),
    Column("last_modified", PageText),  # as the server wrote it, to be sent back
    Column("last_checked_at", UTCDateTime),
    Column("last_success_at", UTCDateTime),
    Column("last_new", Integer),  # URLs never seen before, at the last success
    Column("failures", Integer, nullable=False, server_default=text("0")),  # in a row
    Column("last_error", PageText),
    Column("failure", String(20)),  # crawler.scheduling.rhythm.Failure; NULL: the last look succeeded
    Column("next_check_at", UTCDateTime),  # NULL: as soon as possible
    Column("rate", Float),  # new URLs a day, as far as is known
    Column("asked_interval", Integer),  # seconds between two looks that its publisher asks for
    Column("moved_to", PageText),  # where it has moved for good: this address is asked
    Column("read_at", UTCDateTime),  # when an answer was last read, and not only known again
    Column("digest", String(64)),  # of that answer and all that says how it is read; NULL: read the next one
    Column("rules", String(64)),  # digest of the source's own rules by which it was read (include, exclude)
    UniqueConstraint("source_id", "url"),
)

# Who is at what: a row for each source and host that some process has worked with.
lease = Table(
    "lease",
    metadata,
    Column("kind", String(10), primary_key=True),  # storage.leases.Kind
    Column("name", PageText, primary_key=True),  # a source's slug, a host with its port
    Column("holder", PageText),  # a process; NULL: nobody
    Column("task", PageText),  # what that process holds it for: a source's slug
    Column("who", PageText),  # the process in words, for people
    Column("taken_at", UTCDateTime),
    Column("until", UTCDateTime),  # then it is free, unless its holder has renewed it
    Column("wanted_at", UTCDateTime),  # when somebody else last asked for it
    Column("next_at", UTCDateTime),  # a host is not to be asked before
    Index("ix_lease_holder", "holder"),
)

# APScheduler's job store: its table, in its own format.
scheduler_job = Table(
    "scheduler_job",
    metadata,
    Column("id", Unicode(191), primary_key=True),
    Column("next_run_time", Float(25), index=True),
    Column("job_state", LargeBinary, nullable=False),
)

run = Table(
    "run",
    metadata,
    _id(),
    _ref("source_id", "source.id"),
    Column("started_at", UTCDateTime, nullable=False),
    Column("finished_at", UTCDateTime),
    Column("reason", String(40)),  # why it ended; NULL while it runs or when it was killed
    Column("announced", Integer),
    Column("outcomes", JSON),  # {outcome: number} of what it announced
    Column("carried_over", JSON),  # {outcome: number} of what earlier runs had announced
    Column("tally", JSON(none_as_null=True)),  # storage.health.tally; NULL: not counted yet
    Column("other_site", PageText),  # the site, not the source's own, that most of its pages elsewhere are of
    Index("ix_run_source_id_id", "source_id", "id"),  # the newest of a source, without all before them
)

source_day = Table(
    "source_day",
    metadata,
    _ref("source_id", "source.id", primary_key=True),
    Column("day", Date, primary_key=True),  # UTC; of the runs that began on it
    Column("looks", Integer, nullable=False),  # runs in which some endpoint answered
    Column("blind_looks", Integer, nullable=False),  # … in which none did
    *(Column(name, Integer, nullable=False) for name in COUNTS),  # storage.health.tally.Tally
    Column("silence", Integer, nullable=False),  # seconds without news, at the last look of the day
    Column("longest_silence", Integer),  # … that ended on this day
    Column("last_look_at", UTCDateTime),  # that was answered, as known on this day
    Column("last_news_at", UTCDateTime),
    Column("last_stored_at", UTCDateTime),
)

alarm = Table(
    "alarm",
    metadata,
    _id(),
    Column("rule", String(20), nullable=False),  # storage.health.rules.Rule
    Column("subject", PageText, nullable=False),  # a source's slug; "": the archive as a whole
    Column("raised_at", UTCDateTime, nullable=False),
    Column("cleared_at", UTCDateTime),
    Column("detail", PageText, nullable=False),  # one line for people: what was seen when it was raised
    Column("cleared_detail", PageText),
    Index(  # one of a kind at a time, whoever checks
        "ix_alarm_open",
        "rule",
        "subject",
        unique=True,
        sqlite_where=text("cleared_at IS NULL"),
        postgresql_where=text("cleared_at IS NULL"),
    ),
    Index("ix_alarm_raised_at", "raised_at"),
)

alarm_notice = Table(
    "alarm_notice",
    metadata,
    _id(),
    _ref("alarm_id", "alarm.id"),
    Column("turn", String(10), nullable=False),  # "raised", "cleared"
    Column("channel", String(20), nullable=False),  # crawler.alarms.channels
    Column("sent_at", UTCDateTime),  # NULL: not yet
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("tried_at", UTCDateTime),
    Column("last_error", PageText),
    UniqueConstraint("alarm_id", "turn", "channel"),
    Index(
        "ix_alarm_notice_waiting",
        "id",
        sqlite_where=text("sent_at IS NULL"),
        postgresql_where=text("sent_at IS NULL"),
    ),
)

url = Table(
    "url",
    metadata,
    _id(),
    _ref("source_id", "source.id"),
    Column("url", PageText, nullable=False),  # storage.urls.clean
    Column("key", PageText, nullable=False, unique=True),  # storage.urls.key
    Column("first_seen_at", UTCDateTime, nullable=False),
    Column("last_seen_at", UTCDateTime, nullable=False),
    Column("announced_title", PageText),
    Column("announced_at", UTCDateTime),  # the date its announcer gave it
    Column("announced_modified_at", UTCDateTime),
    Column(
        "order_at", UTCDateTime, nullable=False
    ),  # newest first: announced_at, else modified, else first seen
    Column("next_fetch_at", UTCDateTime),  # NULL: nothing is due
    Column("attempts", Integer, nullable=False, server_default=text("0")),  # since it last brought an article
    Column("outcome", String(20), nullable=False, server_default="pending"),  # storage.records.Outcome
    Column("outcome_at", UTCDateTime),
    _ref("outcome_run_id", "run.id", nullable=True, index=True),
    Column("http_status", Integer),
    Column("detail", PageText),  # one line for people: which error, led where
    _ref("article_id", "article.id", nullable=True, index=True),
    Index("ix_url_source_id_outcome", "source_id", "outcome"),
    Index("ix_url_source_id_first_seen_at", "source_id", "first_seen_at", "outcome"),  # coverage
    Index(
        "ix_url_due",
        "source_id",
        "order_at",
        "id",
        sqlite_where=text("next_fetch_at IS NOT NULL"),
        postgresql_where=text("next_fetch_at IS NOT NULL"),
    ),
    Index(
        "ix_url_next",  # the first that is due of a source
        "source_id",
        "next_fetch_at",
        sqlite_where=text("next_fetch_at IS NOT NULL"),
        postgresql_where=text("next_fetch_at IS NOT NULL"),
    ),
)

announcement = Table(
    "announcement",
    metadata,
    _ref("url_id", "url.id", primary_key=True),
    _ref("endpoint_id", "endpoint.id", primary_key=True),
    _ref("run_id", "run.id", index=True),  # the last run in which this endpoint named it
    Column("first_seen_at", UTCDateTime, nullable=False),
    Column("last_seen_at", UTCDateTime, nullable=False),
)

article = Table(
    "article",
    metadata,
    _id(),
    _ref("source_id", "source.id"),
    Column("canonical_url", PageText, nullable=False),
    Column("key", PageText, nullable=False, unique=True),  # storage.urls.key of canonical_url
    Column("first_seen_at", UTCDateTime, nullable=False),
    Column("last_checked_at", UTCDateTime, nullable=False),  # last time it was read, changed or not
    Column("removed_at", UTCDateTime),  # when it was found gone for good
    Column("current_version_id", Id),  # no foreign key: version already points here
    Column("next_check_at", UTCDateTime),  # when to look for edits of it; NULL: no more, or one is under way
    Column("text_hash", String(64)),  # of the current body alone; tells copies in one source
    Column("sketch", LargeBinary),  # its values in the table of that name; NULL: it has none
    Index("ix_article_source_id_text_hash", "source_id", "text_hash"),
    Index(  # counts what was not taken down
        "ix_article_kept",
        "source_id",
        sqlite_where=text("current_version_id IS NOT NULL"),
        postgresql_where=text("current_version_id IS NOT NULL"),
    ),
    Index(
        "ix_article_next_check",
        "source_id",
        "next_check_at",
        sqlite_where=text("next_check_at IS NOT NULL"),
        postgresql_where=text("next_check_at IS NOT NULL"),
    ),
)

cluster = Table(
    "cluster",
    metadata,
    _id(),
    _ref("earliest_id", "article.id"),  # the member that was published first, as far as is known
    _ref("likely_origin_id", "article.id", nullable=True),  # NULL: outside the archive, or not known
    Column("agency", PageText),  # whose text it is, as its members say
    Column("size", Integer, nullable=False),
)

copy = Table(
    "copy",
    metadata,
    _ref("article_id", "article.id", primary_key=True),
    _ref("cluster_id", "cluster.id"),
    _ref("source_id", "source.id"),  # of the article
    Column("order_at", UTCDateTime, nullable=False),  # published; of a day its end; not known: first seen
    Column("is_dated", Boolean, nullable=False),  # the page says when it was published
    _ref("compared_with_id", "article.id", nullable=True),  # the earliest member of that time
    Column("share_reused", Float),  # of its text, what stands in that member's
    Column("agency", PageText),  # that its own text names
    Column("is_agency", Boolean, nullable=False),  # its outlet is that agency
    Index("ix_copy_cluster_id_order_at", "cluster_id", "order_at"),
    Index("ix_copy_compared_with_id", "compared_with_id"),
)

# A dozen rows an article, most rows of the archive: nothing in them but what they are looked up by.
sketch = Table(
    "sketch",
    metadata,
    Column("value", BigInteger, primary_key=True, autoincrement=False),  # storage.shingles
    Column("article_id", Id, primary_key=True, autoincrement=False),  # no foreign key: it costs a look
    sqlite_with_rowid=False,
)

capture = Table(
    "capture",
    metadata,
    _id(),
    _ref("run_id", "run.id", nullable=True, index=True),  # NULL: taken in from another archive's file
    Column("url", PageText, nullable=False),  # WARC-Target-URI
    Column("kind", String(20), nullable=False),  # storage.records.CaptureKind
    Column("warc_file", PageText, nullable=False),  # below the folder of captures
    Column("warc_offset", BigInteger, nullable=False),  # of the response record's gzip member
    Column("warc_length", BigInteger, nullable=False),  # of that member
    Column("sha256", String(64), nullable=False),  # of the body as it came over the wire
    Column("http_status", Integer, nullable=False),
    Column("fetched_at", UTCDateTime, nullable=False),
    Column("drop_reason", String(20)),  # storage.records.DropReason; NULL: its bytes stay
    Column("dropped_at", UTCDateTime),  # when its bytes were taken away; then file and offset are history
    Column("reservations", JSON),  # what its publisher reserves: ["noarchive", "tdm-reservation"]
    UniqueConstraint("warc_file", "warc_offset"),
    Index("ix_capture_url", "url"),
    Index(
        "ix_capture_drop_reason",
        "drop_reason",
        sqlite_where=text("drop_reason IS NOT NULL"),
        postgresql_where=text("drop_reason IS NOT NULL"),
    ),
)

attempt = Table(
    "attempt",
    metadata,
    _id(),
    _ref("url_id", "url.id", index=True),
    _ref("run_id", "run.id"),
    Column("at", UTCDateTime, nullable=False),  # when the answer came, or it was given up
    Column("outcome", String(20), nullable=False),  # storage.records.Outcome
    Column("http_status", Integer),  # NULL: no answer
    Column("detail", PageText),  # one line for people: which error, led where
    _ref("capture_id", "capture.id", nullable=True),  # the answer's raw bytes, where they are kept
)

version = Table(
    "version",
    metadata,
    _id(),
    _ref("article_id", "article.id"),
    Column("number", Integer, nullable=False),  # 1, 2, 3 … in an article: how often it was found changed
    Column("reading", Integer, nullable=False, server_default=text("1")),  # how often that capture was read
    Column(
        "is_superseded", Boolean, nullable=False, server_default=false()
    ),  # a later reading took its place
    Column("extractor", String(40)),  # which code and settings read it; NULL: before this was recorded
    _ref("capture_id", "capture.id", nullable=True, index=True),
    Column("fetched_at", UTCDateTime, nullable=False),
    Column("read_at", UTCDateTime),  # NULL: when it was fetched
    Column("url", PageText, nullable=False),  # the address that it was read at
    Column("headline", PageText),
    Column("description", PageText),
    Column("byline", PageText),
    Column("date_published", UTCDateTime),  # a day: its midnight in UTC
    Column("date_published_precision", String(7)),  # "instant" or "day"
    Column("date_published_raw", PageText),
    Column("date_published_origin", PageText),
    Column("date_modified", UTCDateTime),
    Column("date_modified_precision", String(7)),
    Column("date_modified_raw", PageText),
    Column("date_modified_origin", PageText),
    Column("body", PageText, nullable=False),
    Column("blocks", JSON, nullable=False),  # [{"kind": …, "text": …}] in reading order
    Column("word_count", Integer, nullable=False),  # in scripts without spaces: characters
    Column("article_section", PageText),
    Column("in_language", PageText),
    Column("site_name", PageText),
    Column("is_accessible_for_free", Boolean),
    Column("paywall_selector", PageText),
    Column("genre", String(20)),  # storage.records.Genre
    Column("breadcrumbs", JSON),  # [text] from the outermost in
    Column("corrections", JSON),  # [text] in reading order
    Column("amp_url", PageText),
    Column("license_url", PageText),
    Column(
        "content_hash", String(64), nullable=False
    ),  # pipelines.fingerprint: what makes a version a new one
    Column("evidence", JSON, nullable=False),  # [storage.records.Candidate]
    UniqueConstraint("article_id", "number", "reading"),
    Index("ix_version_date_published", "date_published"),
)

# What was taken down on somebody's word, and must not come back.
tombstone = Table(
    "tombstone",
    metadata,
    _ref("article_id", "article.id", primary_key=True),
    _ref("source_id", "source.id"),
    Column("reason", PageText, nullable=False),
    Column("taken_down_at", UTCDateTime, nullable=False),
    Column("versions", Integer, nullable=False),  # how many there were
    Column("text_hash", String(64)),  # of the body that was the newest one's
    Column("content_hashes", JSON, nullable=False),  # [version.content_hash] in their order
    Index("ix_tombstone_source_id_text_hash", "source_id", "text_hash"),
)

change = Table(
    "change",
    metadata,
    _id(),
    _ref("article_id", "article.id", index=True),
    _ref("version_id", "version.id", nullable=True),  # that came of it, if one did
    Column("at", UTCDateTime, nullable=False),  # when it was seen
    Column("kind", String(20), nullable=False),  # storage.records.ChangeKind
    Column("share", Float),  # of the body's words, for changes of the body
    Column("detail", PageText),  # one line for people
)

# What consumers follow: no row changes, none goes, and no id comes twice (storage.events).
event = Table(
    "event",
    metadata,
    _id(),
    Column("at", UTCDateTime, nullable=False),  # when it was seen
    Column("kind", String(20), nullable=False),  # storage.events.EventKind
    _ref("article_id", "article.id"),
    Column("version_id", Id),  # no foreign key: versions of what is taken down go, events stay
    Column("number", Integer),  # the version's, when this was written
    Column("cluster_id", Id),  # no foreign key: clusters come and go
    sqlite_autoincrement=True,
)

check_mark = Table(
    "check_mark",
    metadata,
    _ref("article_id", "article.id", primary_key=True),
    Column("number", Integer, primary_key=True),  # the version's
    Column("checks", Integer, nullable=False),  # how often it was read again and found as it was
    Column("last_at", UTCDateTime, nullable=False),
)

person = Table(
    "person",
    metadata,
    _id(),
    Column("name", PageText, nullable=False, unique=True),
    Column("folded", PageText, nullable=False, index=True),  # storage.words.fold(name)
)

byline = Table(
    "byline",
    metadata,
    _ref("version_id", "version.id", primary_key=True),
    Column("position", Integer, primary_key=True),
    _ref("person_id", "person.id", index=True),
    Column("role", String(20), nullable=False),  # storage.records.Role
)

picture_file = Table(
    "picture_file",
    metadata,
    Column("sha256", String(64), primary_key=True),  # of the bytes; the file is named by it
    Column("media_type", String(20), nullable=False),  # of storage.records.SUFFIXES
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size", Integer, nullable=False),  # in bytes
    Column("fetched_at", UTCDateTime, nullable=False),
)

image = Table(
    "image",
    metadata,
    _ref("version_id", "version.id", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("url", PageText, nullable=False),
    Column("caption", PageText),
    Column("credit_line", PageText),
    Column("alt_text", PageText),
    Column("is_lead", Boolean, nullable=False),
    Column("block_position", Integer),  # how many of the version's blocks stand before it
    Column("file_state", String(10)),  # storage.records.FileState; NULL: no file was asked for
    Column("file_detail", PageText),  # one line for people: why there is no file
    Column("file_sha256", String(64), ForeignKey("picture_file.sha256")),
    Index(
        "ix_image_file_state_url",
        "file_state",
        "url",
        sqlite_where=text("file_state IS NOT NULL"),
        postgresql_where=text("file_state IS NOT NULL"),
    ),
)

keyword = Table(
    "keyword",
    metadata,
    _ref("version_id", "version.id", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("keyword", PageText, nullable=False),
)
