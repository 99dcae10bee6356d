"""What elements hold, and what stands beside them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from crawler.extraction.surroundings import held_in

PAGE = "<main>" + "<div><p>One</p><p>Two <b>bold</b></p><ul><li>Three</li></ul></div>" * 2 + "</main>"


@given(st.lists(st.integers(0, 100)))
def test_an_element_holds_its_own_and_that_of_all_in_it(amounts: list[int]) -> None:
    tree = lxml_html.fromstring(PAGE)
    given_to = dict(zip(tree.iter(), amounts, strict=False))
    held = held_in(given_to)
    for element in tree.iter():
        assert held.get(element, 0) == sum(given_to.get(node, 0) for node in element.iter())
