"""A page in pieces of text: nothing lost, nothing twice, everything measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.blocks import PROSE_LIMIT, Cut, around, cut, width
from crawler.extraction.document import parse
from storage.records import BlockKind

URL = "https://news.example.org/2026/pier"
SENTENCE = "The harbour board said on Monday that the old pier would stay closed."

WORDS = st.sampled_from(["pier", "ferry ", " harbour", "港", "\u00a0", "\n", "Monday."])
TAGS = st.sampled_from(["div", "p", "ul", "li", "h2", "blockquote", "section", "b", "em", "a", "span", "br"])


def trees(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inner = st.lists(content, max_size=4).map("".join)
    return st.tuples(TAGS, inner).map(lambda t: f"<{t[0]}>{t[1]}</{t[0]}>" if t[0] != "br" else "<br>")


HTML = st.lists(st.recursive(WORDS, trees, max_leaves=25), max_size=6).map("".join)


def page(html: str) -> Cut:
    return cut(parse(f"<body>{html}</body>".encode(), URL))


def texts(html: str) -> list[str]:
    return [piece.text for piece in page(html).pieces]


@given(HTML)
def test_every_word_is_in_one_piece(html: str) -> None:
    shown = parse(f"<body>{html}</body>".encode(), URL).tree.text_content()
    assert "".join("".join(texts(html)).split()) == "".join(shown.split())


@given(HTML)
def test_boxes_sum_up_what_stands_in_them(html: str) -> None:
    found = page(html)
    assert found.boxes[0].pieces == len(found.pieces)
    assert found.boxes[0].characters == sum(len(piece.text) for piece in found.pieces)
    for box in found.boxes:
        inside = [piece for piece in found.pieces if box in around([piece.box])]
        assert box.pieces == len(inside)
        assert box.linked == sum(piece.linked for piece in inside)
        assert box.prose == pytest.approx(sum(piece.prose for piece in inside))


@given(HTML)
def test_measures_stay_within_the_text(html: str) -> None:
    for piece in page(html).pieces:
        assert 0 <= piece.linked <= len(piece.text)
        assert 0 <= piece.bold <= len(piece.text)
        assert 0 <= piece.prose <= min(PROSE_LIMIT, width(piece.text))


@given(HTML)
def test_what_is_within_is_around(html: str) -> None:
    found = page(html)
    for box in found.boxes:
        assert found.within({box}) == {
            other for other in found.boxes if other is not box and box in around([other])
        }


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("one <b>two</b> three", ["one two three"]),
        ("<div>one<p>two</p>three</div>", ["one", "two", "three"]),
        ("<p>one<br>two<br> <br>three</p>", ["one two", "three"]),
        ("<p>H<sub>2</sub>O and un<wbr>broken</p>", ["H2O and unbroken"]),
        ("<p>one<script>no</script> two<img alt=no> three<svg><text>no</text></svg></p>", ["one two three"]),
        ("<custom-box>one</custom-box>two", ["one", "two"]),
        ("<table><tr><td>one</td><td>two</td></tr></table>", ["one", "two"]),
        ("<nav>no</nav>one<footer>no</footer>", ["one"]),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", ["漢かん字"]),
    ],
)
def test_where_a_piece_ends(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


@pytest.mark.parametrize(
    ("html", "linked"),
    [
        ("<p>see <a href='/x'>this page</a></p>", 9),
        ("<p>see <a href='#notes'>this page</a></p>", 0),
        (f"<p>see <a href='{URL}#notes'>this page</a></p>", 0),
        ("<p>see <a name='here'>this page</a></p>", 0),
        ("<p>one<br><br><a href='/x'>two</a></p>", 3),
    ],
)
def test_links_to_other_pages_are_counted(html: str, linked: int) -> None:
    assert page(html).pieces[-1].linked == linked


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<p>x</p>", BlockKind.PARAGRAPH),
        ("<h3>x</h3>", BlockKind.HEADING),
        ("<h3><span>x</span></h3>", BlockKind.HEADING),
        ("<ul><li><p>x</p></li></ul>", BlockKind.LIST_ITEM),
        ("<blockquote><p>x</p></blockquote>", BlockKind.QUOTE),
        ("<dl><dt>x</dt></dl>", BlockKind.LIST_ITEM),
    ],
)
def test_the_kind_of_a_piece(html: str, kind: BlockKind) -> None:
    assert [piece.kind for piece in page(html).pieces] == [kind]


@pytest.mark.parametrize(
    ("html", "prose"),
    [
        (f"<p>{SENTENCE}</p>", len(SENTENCE)),
        (f"<p>{SENTENCE[:-1]}</p>", 0.3 * (len(SENTENCE) - 1)),  # no full stop
        (f"<li>{SENTENCE}</li>", 0.5 * len(SENTENCE)),
        (f"<h2>{SENTENCE}</h2>", 0),
        (f"<p><a href='/x'>{SENTENCE}</a></p>", 0),
        ("<p>The pier is closed.</p>", 0),  # too short to say
        ("<p>老朽化した旧桟橋は補修費が支払われるまで閉鎖が続く。</p>", 2 * 26),
        (f"<p>{SENTENCE * 100}</p>", PROSE_LIMIT),
        (f"<p>{SENTENCE}</p>" * 3, 0),  # comes again and again
    ],
)
def test_how_much_running_text_a_piece_is(html: str, prose: float) -> None:
    assert page(html).pieces[0].prose == pytest.approx(prose)


@pytest.mark.parametrize(
    ("text", "is_sentence"),
    [
        ("The pier opened.", True),
        ("The pier opened.”", True),
        ("The pier opened. –", True),
        ("“The pier” –", True),
        ("Pier", False),
        ("Pier_", False),
        ("Pier –", False),
        ("港は開いた。", True),
        ("港", False),
        ("Open. " + "– " * 60, False),  # too far from the end
    ],
)
def test_what_ends_as_sentences_do(text: str, is_sentence: bool) -> None:
    [piece] = page(f"<p>{text}</p>").pieces
    assert piece.is_sentence is is_sentence


def test_signs_that_say_more_are_wider() -> None:
    assert [width(text) for text in ("pier", "été", "港", "港" * PROSE_LIMIT)] == [4, 3, 2, PROSE_LIMIT]
