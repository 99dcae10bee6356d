"""The first tables and the search index.

Revision: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations import full_text
from storage.models import Id, PageText, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", PageText(), nullable=False),
        sa.Column("folded", PageText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("name", name=op.f("uq_person_name")),
    )
    op.create_index(op.f("ix_person_folded"), "person", ["folded"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", Id, nullable=False),
        sa.Column("slug", PageText(), nullable=False),
        sa.Column("name", PageText(), nullable=False),
        sa.Column("home_page", PageText(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("probed_at", UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("slug", name=op.f("uq_source_slug")),
    )
    op.create_table(
        "article",
        sa.Column("id", Id, nullable=False),
        sa.Column("source_id", Id, nullable=False),
        sa.Column("canonical_url", PageText(), nullable=False),
        sa.Column("key", PageText(), nullable=False),
        sa.Column("first_seen_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_checked_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("current_version_id", Id, nullable=True),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_article_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("key", name=op.f("uq_article_key")),
    )
    op.create_index("ix_article_source_id_text_hash", "article", ["source_id", "text_hash"], unique=False)
    op.create_table(
        "endpoint",
        sa.Column("id", Id, nullable=False),
        sa.Column("source_id", Id, nullable=False),
        sa.Column("url", PageText(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("modified_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("etag", PageText(), nullable=True),
        sa.Column("last_modified", PageText(), nullable=True),
        sa.Column("last_checked_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_success_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("last_new", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", PageText(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["endpoint.id"], name=op.f("fk_endpoint_parent_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_endpoint_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoint")),
        sa.UniqueConstraint("source_id", "url", name=op.f("uq_endpoint_source_id_url")),
    )
    op.create_table(
        "run",
        sa.Column("id", Id, nullable=False),
        sa.Column("source_id", Id, nullable=False),
        sa.Column("started_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("announced", sa.Integer(), nullable=True),
        sa.Column("outcomes", sa.JSON(), nullable=True),
        sa.Column("carried_over", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_run_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_source_id"), "run", ["source_id"], unique=False)
    op.create_table(
        "url",
        sa.Column("id", Id, nullable=False),
        sa.Column("source_id", Id, nullable=False),
        sa.Column("url", PageText(), nullable=False),
        sa.Column("key", PageText(), nullable=False),
        sa.Column("first_seen_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("announced_title", PageText(), nullable=True),
        sa.Column("announced_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("announced_modified_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("order_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("next_fetch_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("outcome", sa.String(length=20), server_default="pending", nullable=False),
        sa.Column("outcome_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("outcome_run_id", Id, nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("detail", PageText(), nullable=True),
        sa.Column("article_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_url_article_id")),
        sa.ForeignKeyConstraint(["outcome_run_id"], ["run.id"], name=op.f("fk_url_outcome_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_url_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_url")),
        sa.UniqueConstraint("key", name=op.f("uq_url_key")),
    )
    op.create_index(op.f("ix_url_article_id"), "url", ["article_id"], unique=False)
    op.create_index(
        "ix_url_due",
        "url",
        ["source_id", "order_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_fetch_at IS NOT NULL"),
        postgresql_where=sa.text("next_fetch_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_url_outcome_run_id"), "url", ["outcome_run_id"], unique=False)
    op.create_index("ix_url_source_id_outcome", "url", ["source_id", "outcome"], unique=False)
    op.create_table(
        "version",
        sa.Column("id", Id, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fetched_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("url", PageText(), nullable=False),
        sa.Column("headline", PageText(), nullable=True),
        sa.Column("description", PageText(), nullable=True),
        sa.Column("byline", PageText(), nullable=True),
        sa.Column("date_published", UTCDateTime(timezone=True), nullable=True),
        sa.Column("date_published_precision", sa.String(length=7), nullable=True),
        sa.Column("date_published_raw", PageText(), nullable=True),
        sa.Column("date_published_origin", PageText(), nullable=True),
        sa.Column("date_modified", UTCDateTime(timezone=True), nullable=True),
        sa.Column("date_modified_precision", sa.String(length=7), nullable=True),
        sa.Column("date_modified_raw", PageText(), nullable=True),
        sa.Column("date_modified_origin", PageText(), nullable=True),
        sa.Column("body", PageText(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("article_section", PageText(), nullable=True),
        sa.Column("in_language", PageText(), nullable=True),
        sa.Column("site_name", PageText(), nullable=True),
        sa.Column("is_accessible_for_free", sa.Boolean(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_version_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_version_article_id_number")),
    )
    op.create_index("ix_version_date_published", "version", ["date_published"], unique=False)
    op.create_table(
        "announcement",
        sa.Column("url_id", Id, nullable=False),
        sa.Column("endpoint_id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("first_seen_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"], name=op.f("fk_announcement_endpoint_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_announcement_run_id")),
        sa.ForeignKeyConstraint(["url_id"], ["url.id"], name=op.f("fk_announcement_url_id")),
        sa.PrimaryKeyConstraint("url_id", "endpoint_id", name=op.f("pk_announcement")),
    )
    op.create_index(op.f("ix_announcement_run_id"), "announcement", ["run_id"], unique=False)
    op.create_table(
        "byline",
        sa.Column("version_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_byline_person_id")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_byline_version_id")),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_byline")),
    )
    op.create_index(op.f("ix_byline_person_id"), "byline", ["person_id"], unique=False)
    op.create_table(
        "image",
        sa.Column("version_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", PageText(), nullable=False),
        sa.Column("caption", PageText(), nullable=True),
        sa.Column("credit_line", PageText(), nullable=True),
        sa.Column("alt_text", PageText(), nullable=True),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_image_version_id")),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_image")),
    )
    op.create_table(
        "keyword",
        sa.Column("version_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("keyword", PageText(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_keyword_version_id")),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_keyword")),
    )
    full_text.create(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("nothing is older than the first revision")
