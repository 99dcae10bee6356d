"""The views that downstream SQL reads: they stay as they are while tables change.

They hold nothing, so a change of the tables drops them and makes them anew (`storage.database.upgrade`);
a new archive has them from the start (`storage.schema`).
README's data dictionary has their columns.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from storage.records import SUFFIXES
from storage.view_dialects import DIALECTS, Dialect

SUFFIX = " ".join(f"WHEN '{media_type}' THEN '{suffix}'" for media_type, suffix in SUFFIXES.items())
# storage.records.PictureFile.path
PICTURE_PATH = f"""substr(picture_file.sha256, 1, 2) || '/' || picture_file.sha256 || '.' ||
               CASE picture_file.media_type {SUFFIX} END"""
CURRENT = """article
    JOIN source ON source.id = article.source_id
    JOIN version ON version.id = article.current_version_id"""


def views(say: Dialect) -> dict[str, str]:
    """The SELECT of each view, as an engine says it."""

    def names(roles: str) -> str:
        rows = f"""byline JOIN person ON person.id = byline.person_id
               WHERE byline.version_id = version.id AND byline.role IN ({roles})"""
        return say.joined("person.name", rows, separator="; ", order="byline.position")

    keywords = "keyword WHERE keyword.version_id = version.id"
    announcers = """announcement JOIN endpoint ON endpoint.id = announcement.endpoint_id
               WHERE announcement.url_id = url.id"""

    return {
        "articles": f"""
    SELECT article.id,
           source.slug AS source,
           article.canonical_url,
           version.headline,
           version.description,
           version.byline,
           coalesce({names("'writer', 'contributor'")}, {names("'agency'")}) AS authors,
           {say.moment("version.date_published")} AS date_published,
           {say.moment("version.date_modified")} AS date_modified,
           version.body,
           version.word_count,
           version.article_section,
           {say.joined("keyword.keyword", keywords, separator="; ", order="keyword.position")} AS keywords,
           version.in_language,
           version.site_name,
           version.is_accessible_for_free,
           version.genre,
           version.license_url,
           version.number AS version,
           {say.instant("article.first_seen_at")} AS first_seen_at,
           {say.instant("article.last_checked_at")} AS last_checked_at,
           {say.instant("article.removed_at")} AS removed_at
    FROM {CURRENT}""",
        "captions": f"""
    SELECT article.id AS article_id,
           source.slug AS source,
           article.canonical_url,
           version.headline,
           {say.moment("version.date_published")} AS date_published,
           image.position,
           image.url AS image_url,
           image.caption,
           image.credit_line,
           image.alt_text,
           image.is_lead,
           image.block_position,
           {PICTURE_PATH} AS file,
           image.file_detail,
           picture_file.media_type,
           picture_file.width,
           picture_file.height
    FROM {CURRENT}
    JOIN image ON image.version_id = version.id
    LEFT JOIN picture_file ON picture_file.sha256 = image.file_sha256""",
        "bylines": f"""
    SELECT article.id AS article_id,
           source.slug AS source,
           article.canonical_url,
           version.headline,
           {say.moment("version.date_published")} AS date_published,
           byline.position,
           person.name,
           byline.role
    FROM {CURRENT}
    JOIN byline ON byline.version_id = version.id
    JOIN person ON person.id = byline.person_id""",
        "embeds": f"""
    SELECT article.id AS article_id,
           source.slug AS source,
           article.canonical_url,
           version.headline,
           {say.moment("version.date_published")} AS date_published,
           {say.place("block")} AS position,
           {say.member("block", "kind")} AS kind,
           {say.member("block", "url")} AS embed_url,
           {say.member("block", "text")} AS text
    FROM {CURRENT}
    JOIN {say.elements("version.blocks", "block")}
        ON {say.member("block", "kind")} IN ('video', 'audio', 'social_post')""",
        "corrections": f"""
    SELECT article.id AS article_id,
           source.slug AS source,
           article.canonical_url,
           version.headline,
           {say.moment("version.date_published")} AS date_published,
           {say.place("notice")} AS position,
           {say.text("notice")} AS correction
    FROM {CURRENT}
    JOIN {say.elements("version.corrections", "notice")} ON true""",
        "copies": f"""
    SELECT cluster.id AS cluster_id,
           article.id AS article_id,
           source.slug AS source,
           article.canonical_url,
           version.headline,
           {say.moment("version.date_published")} AS date_published,
           version.word_count,
           CAST(round(CAST(copy.share_reused AS numeric), 4) AS double precision) AS share_reused,
           copy.compared_with_id AS compared_with,
           copy.agency AS agency_named,
           article.id = cluster.earliest_id AS is_earliest,
           coalesce(article.id = cluster.likely_origin_id, false) AS is_likely_origin,
           coalesce(cluster.agency, origin_source.slug) AS likely_origin
    FROM {CURRENT}
    JOIN copy ON copy.article_id = article.id
    JOIN cluster ON cluster.id = copy.cluster_id
    LEFT JOIN article AS origin ON origin.id = cluster.likely_origin_id
    LEFT JOIN source AS origin_source ON origin_source.id = origin.source_id""",
        "versions": f"""
    SELECT article.id AS article_id,
           source.slug AS source,
           article.canonical_url,
           version.number AS version,
           {say.instant("version.fetched_at")} AS fetched_at,
           {say.instant("coalesce(check_mark.last_at, version.fetched_at)")} AS last_seen_at,
           coalesce(check_mark.checks, 0) AS checks,
           version.headline,
           version.description,
           version.byline,
           {say.moment("version.date_published")} AS date_published,
           {say.moment("version.date_modified")} AS date_modified,
           version.body,
           version.word_count,
           version.is_accessible_for_free,
           version.extractor,
           version.id = article.current_version_id AS is_current
    FROM version
    JOIN article ON article.id = version.article_id
    JOIN source ON source.id = article.source_id
    LEFT JOIN check_mark ON check_mark.article_id = article.id AND check_mark.number = version.number
    WHERE NOT version.is_superseded""",
        "changes": f"""
    SELECT article.id AS article_id,
           source.slug AS source,
           article.canonical_url,
           version.headline,
           made.number AS version,
           {say.instant("change.at")} AS seen_at,
           change.kind,
           change.share,
           change.detail
    FROM {CURRENT}
    JOIN change ON change.article_id = article.id
    LEFT JOIN version AS made ON made.id = change.version_id""",
        "events": f"""
    SELECT event.id,
           {say.instant("event.at")} AS at,
           event.kind,
           event.article_id,
           source.slug AS source,
           article.canonical_url,
           event.version_id,
           event.number AS version,
           event.cluster_id
    FROM event
    JOIN article ON article.id = event.article_id
    JOIN source ON source.id = article.source_id""",
        "coverage": f"""
    SELECT source.slug AS source,
           {say.day("url.first_seen_at")} AS day,
           url.outcome,
           count(*) AS urls
    FROM url JOIN source ON source.id = url.source_id
    GROUP BY source.slug, {say.day("url.first_seen_at")}, url.outcome""",
        "discovery": f"""
    WITH named AS (
        SELECT DISTINCT announcement.url_id,
               CASE WHEN substr(endpoint.url, 1, 7) = 'import:' THEN 'import'
                    WHEN endpoint.kind = 'listing' THEN 'section'
                    ELSE endpoint.kind END AS method
        FROM announcement JOIN endpoint ON endpoint.id = announcement.endpoint_id),
    alone AS (
        SELECT url_id FROM named GROUP BY url_id HAVING count(*) = 1)
    SELECT source.slug AS source,
           {say.day("url.first_seen_at")} AS day,
           named.method,
           count(*) AS urls,
           count(url.article_id) AS articles,
           count(alone.url_id) AS urls_alone,
           sum(CASE WHEN alone.url_id IS NOT NULL AND url.article_id IS NOT NULL THEN 1 ELSE 0 END)
               AS articles_alone
    FROM url
    JOIN source ON source.id = url.source_id
    JOIN named ON named.url_id = url.id
    LEFT JOIN alone ON alone.url_id = url.id
    GROUP BY source.slug, {say.day("url.first_seen_at")}, named.method""",
        "looks": f"""
    SELECT source.slug AS source,
           {say.date("source_day.day")} AS day,
           source_day.looks,
           source_day.blind_looks,
           source_day.announced,
           source_day.stored,
           source_day.pages,
           source_day.read,
           source_day.no_byline,
           source_day.no_date,
           source_day.no_picture,
           source_day.no_body,
           source_day.paywalled,
           source_day.blocked,
           source_day.errors,
           source_day.elsewhere
    FROM source_day JOIN source ON source.id = source_day.source_id""",
        "alarms": f"""
    SELECT alarm.id,
           alarm.rule,
           nullif(alarm.subject, '') AS source,
           {say.instant("alarm.raised_at")} AS raised_at,
           {say.instant("alarm.cleared_at")} AS cleared_at,
           alarm.detail,
           alarm.cleared_detail
    FROM alarm""",
        "attempts": f"""
    SELECT attempt.id,
           url.url,
           source.slug AS source,
           {say.instant("attempt.at")} AS at,
           attempt.run_id AS crawl,
           attempt.outcome,
           attempt.http_status,
           attempt.detail,
           capture.warc_file,
           capture.warc_offset,
           {say.instant("capture.dropped_at")} AS bytes_dropped_at
    FROM attempt
    JOIN url ON url.id = attempt.url_id
    JOIN source ON source.id = url.source_id
    LEFT JOIN capture ON capture.id = attempt.capture_id""",
        "ledger": f"""
    SELECT url.url,
           source.slug AS source,
           url.outcome,
           url.detail,
           url.http_status,
           url.article_id,
           url.attempts,
           {say.instant("url.first_seen_at")} AS first_seen_at,
           {say.instant("url.last_seen_at")} AS last_seen_at,
           {say.instant("url.outcome_at")} AS outcome_at,
           {say.instant("url.next_fetch_at")} AS next_fetch_at,
           url.announced_title,
           {say.instant("url.announced_at")} AS announced_at,
           {say.joined("endpoint.url", announcers, separator=" ", order="endpoint.id")} AS announced_by
    FROM url JOIN source ON source.id = url.source_id""",
    }


NAMES = frozenset(views(DIALECTS["sqlite"]))


def drop(connection: Connection) -> None:
    """Take the views away, so that the tables can be changed."""
    for name in NAMES.intersection(inspect(connection).get_view_names()):
        connection.exec_driver_sql(f"DROP VIEW {name}")


def create(connection: Connection) -> None:
    """Make the views on the tables of the newest revision."""
    for name, select in views(DIALECTS[connection.dialect.name]).items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {select}")
