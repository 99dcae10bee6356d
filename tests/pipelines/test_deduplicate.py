"""Each article gets what its copies are told by; everything else goes through as it is."""

from __future__ import annotations

from pipelines.deduplicate import Deduplicate
from pipelines.fingerprint import content_hash, text_hash
from storage.records import Submission
from tests.pipelines.conftest import Submit
from tests.storage.newsroom import BODY, paragraphs

PIER = "https://courier.example/pier"
COPY = "https://courier.example/2026/pier"


def test_an_article_gets_its_fingerprints(submit: Submit) -> None:
    item = submit(PIER)
    done = Deduplicate().process_item(item)
    assert isinstance(done, Submission)
    assert done.article == item.article
    assert (done.text_hash, done.content_hash) == (text_hash(item.article), content_hash(item.article))


def test_copies_are_told_by_them(submit: Submit) -> None:
    text = paragraphs(*BODY)
    one = Deduplicate().process_item(submit(PIER, blocks=text))
    other = Deduplicate().process_item(submit(COPY, blocks=text))
    assert isinstance(one, Submission)
    assert isinstance(other, Submission)
    assert one.text_hash == other.text_hash is not None


def test_near_copies_are_found_by_their_sketches(submit: Submit) -> None:
    one = Deduplicate().process_item(submit(PIER, blocks=paragraphs(*BODY)))
    other = Deduplicate().process_item(submit(COPY, blocks=paragraphs(*BODY, "More of it.")))
    teaser = Deduplicate().process_item(submit(PIER, blocks=paragraphs(*BODY), is_accessible_for_free=False))
    assert isinstance(one, Submission)
    assert isinstance(other, Submission)
    assert isinstance(teaser, Submission)
    assert one.text_hash != other.text_hash
    assert set(one.sketch) & set(other.sketch)
    assert teaser.sketch == ()


def test_what_is_no_submission_goes_through() -> None:
    item = {"a": 1}
    assert Deduplicate().process_item(item) is item
