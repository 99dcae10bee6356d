"""Any bytes become a page: charsets, control characters, floods."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.charset import PIECE, as_utf_8, decode
from crawler.extraction.document import LONG_TAG, MAX_TAGS, MAX_TEXT, long_tags, parse

URL = "https://news.example.org/2026/pier"
GERMAN = "<p>Die Fähre über den Fluß fährt „später“, sagt Jörg.</p>"
JAPANESE = "<p>連絡船は一時間遅れで港を出た。乗客は約四十人だった。</p>"
KOREAN = "<p>연락선은 한 시간 늦게 항구를 떠났다.</p>"
CHINESE = "<p>渡轮晚点一小时离港，乘客约四十人。</p>"
RUSSIAN = "<p>Паром вышел из порта на час позже, сообщили в управлении порта.</p>"
LONG_RUSSIAN = RUSSIAN * 20


def meta(charset: str) -> str:
    return f'<meta charset="{charset}">'


@pytest.mark.parametrize(
    ("text", "encoding", "content_type"),
    [
        (GERMAN, "utf-8", None),
        (GERMAN, "utf-8", "text/html; charset=iso-8859-1"),  # the header lies
        (meta("iso-8859-1") + GERMAN, "utf-8", None),  # the page lies
        (GERMAN, "cp1252", "text/html; charset=ISO-8859-1"),
        (GERMAN, "cp1252", 'text/html;charset="windows-1252"'),
        (meta("iso-8859-1") + GERMAN, "cp1252", None),
        (meta("iso-8859-1") + GERMAN, "cp1252", "text/html"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">' + JAPANESE, "cp932", None),
        (meta("x-sjis") + JAPANESE, "cp932", None),
        (meta("EUC-JP") + JAPANESE, "euc_jp", None),
        (meta("iso-2022-jp") + JAPANESE, "iso2022_jp", None),
        (JAPANESE, "cp932", "text/html; charset=Windows-31J"),
        (meta("euc-kr") + KOREAN, "cp949", None),
        (meta("gb2312") + CHINESE, "gb18030", None),
        (meta("windows-1251") + RUSSIAN, "cp1251", None),
        ('<?xml version="1.0" encoding="koi8-r"?>' + RUSSIAN, "koi8-r", None),
        (LONG_RUSSIAN, "cp1251", None),  # says nothing: a guess
        (meta("hex") + LONG_RUSSIAN, "cp1251", None),  # names a codec that is no charset
        (meta("no-such-thing") + GERMAN, "utf-8", "text/html; charset=nor-this"),
    ],
)
def test_text_survives_its_charset(text: str, encoding: str, content_type: str | None) -> None:
    assert decode(text.encode(encoding), content_type) == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_goes_before_all_else(mark: bytes, encoding: str) -> None:
    text = meta("windows-1252") + GERMAN
    assert decode(mark + text.encode(encoding), "text/html; charset=koi8-r") == text


@pytest.mark.parametrize("before", range(PIECE - 4, PIECE + 2))
def test_a_character_may_lie_across_two_pieces(before: int) -> None:
    text = "x" * before + "𝄞" + "x" * PIECE + "é"
    html = text.encode()
    assert as_utf_8(html) is html
    broken = html.replace("𝄞".encode(), "𝄞".encode()[:3])
    assert as_utf_8(broken) != broken


def test_a_broken_byte_spoils_only_itself() -> None:
    html = (GERMAN * 20).encode() + b"\xff<p>end</p>"
    assert decode(html, "text/html; charset=utf-8") == GERMAN * 20 + "\ufffd<p>end</p>"


@given(st.binary(max_size=400), st.text(max_size=60))
def test_decoding_never_raises(html: bytes, content_type: str) -> None:
    assert isinstance(decode(html, content_type), str)


@given(st.text(max_size=200))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    text = "<p>é" + text.replace("\ufeff", "").encode("utf-8", "ignore").decode()
    assert decode(text.encode(), "text/html; charset=latin-1") == text


@given(st.binary(max_size=400))
def test_parsing_never_raises(html: bytes) -> None:
    document = parse(html, URL)
    assert document.tree.tag == "html"
    assert isinstance(document.base_url, str)


@pytest.mark.parametrize(
    "html", [b"", b" \n", b"\0\0", b"<!-- nothing -->", b"<?xml version='1.0'?>", b"\xef\xbb\xbf"]
)
def test_nothing_is_an_empty_page(html: bytes) -> None:
    assert parse(html, URL).tree.text_content().strip() == ""


def test_control_characters_do_not_end_the_page() -> None:
    assert parse(b"<p>one\x00\x0b\x1f two\x7f</p><p>three</p>", URL).tree.text_content() == "one twothree"


def test_comments_and_instructions_are_gone() -> None:
    assert parse(b"<p>a<!-- x -->b<?php y ?>c</p>", URL).tree.text_content() == "abc"


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("", URL),
        ("<base href='/x/'>", "https://news.example.org/x/"),
        ("<base href=' https://other.example/ '>", "https://other.example/"),
        ("<base href='http://['>", URL),
        ("<base target='_top'>", URL),
    ],
)
def test_the_base_of_relative_addresses(base: str, expected: str) -> None:
    assert parse(f"<head>{base}</head><p>x".encode(), URL).base_url == expected


def test_external_entities_are_not_read() -> None:
    html = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><p>a &x; b</p>'
    assert "a &x; b" in parse(html, URL).tree.text_content()


def test_a_flood_of_tags_is_cut_off() -> None:
    tree = parse(b"<br>" * (2 * MAX_TAGS), URL).tree
    assert MAX_TAGS // 2 < sum(1 for _ in tree.iter("br")) <= MAX_TAGS


def test_a_flood_of_tags_between_long_scripts_is_cut_off() -> None:
    script = b"<script>" + b"x" * MAX_TAGS + b"</script>"
    tree = parse(script + b"<br>" * (2 * MAX_TAGS) + script, URL).tree
    assert MAX_TAGS // 2 < sum(1 for _ in tree.iter("br")) <= MAX_TAGS


@given(st.lists(st.integers(LONG_TAG - 2, LONG_TAG + 2) | st.integers(0, 3 * LONG_TAG), max_size=12))
def test_long_tags_are_found_in_steps(lengths: list[int]) -> None:
    tags = [b"x" * length for length in lengths]
    assert list(long_tags(b"<".join(tags))) == [tag for tag in tags if len(tag) > LONG_TAG]


@pytest.mark.parametrize("tags", [1, 400])
def test_a_flood_of_attributes_leaves_the_text(tags: int) -> None:
    """In one tag or in many: what they cost together counts."""
    crowd = f"<div {' '.join(f'a{n}=x' for n in range(4_000 if tags == 1 else 400))}>"
    tree = parse(f"{crowd * tags}<p>text</p>".encode(), URL).tree
    assert tree.text_content() == "text"
    assert not any(element.attrib for element in tree.iter("div"))


def test_a_few_tags_with_many_attributes_keep_them() -> None:
    crowd = f"<div {' '.join(f'a{n}=x' for n in range(400))}>"
    assert [len(div.attrib) for div in parse(f"{crowd * 3}<p>text".encode(), URL).tree.iter("div")] == [
        400
    ] * 3


@pytest.mark.parametrize("quote", ['"', "'"])
def test_what_stands_in_quotes_is_no_crowd(quote: str) -> None:
    words = f"{quote}{'a=x ' * 400}{quote}"
    tree = parse(f"<div title={words} id={words} class=x>".encode() * 200 + b"<p>text", URL).tree
    assert {len(div.attrib) for div in tree.iter("div")} == {3}


@pytest.mark.parametrize("stray", ['"', "'", "title='\"' ", 'title="\'" '])
def test_a_flood_of_attributes_does_not_hide_behind_a_stray_quote(stray: str) -> None:
    crowd = f"<div {stray}{' '.join(f'a{n}=x' for n in range(400))}>"
    tree = parse(f"{crowd * 80}<p>text</p>".encode(), URL).tree
    assert not any(len(div.attrib) > 1 for div in tree.iter("div"))


def test_a_long_attribute_is_no_flood() -> None:
    story = "word " * 10_000
    div = parse(f'<div data-story="{story}" class="x"><p>text</p></div>'.encode(), URL).tree.find(".//div")
    assert div is not None
    assert div.get("data-story") == story


def test_an_endless_text_is_cut_and_an_endless_script_is_not() -> None:
    endless = "word " * MAX_TEXT
    tree = parse(f"<p>{endless}<b>bold</b>{endless}</p><script>{endless}</script><p>text".encode(), URL).tree
    paragraph, after = tree.iter("p")
    bold, script = tree.find(".//b"), tree.find(".//script")
    assert bold is not None
    assert script is not None
    assert (paragraph.text, bold.tail) == (endless[:MAX_TEXT], endless[:MAX_TEXT])
    assert (bold.text, script.text, after.text) == ("bold", endless, "text")


def test_an_endless_text_of_control_characters_is_cut() -> None:
    text = "\f\x01\x1f\ufffe\uffff a " * MAX_TEXT
    document = parse(f"<p>{text}</p><p>The story.</p>".encode(), URL)
    assert [len(p.text) for p in document.tree.iter("p")] == [MAX_TEXT, len("The story.")]
