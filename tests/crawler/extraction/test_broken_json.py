"""JSON as pages write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.broken_json import values

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('//<![CDATA[\n{"a": 1}\n//]]>', [{"a": 1}]),
        ('{"a": 1,}', [{"a": 1}]),
        ('{"a": [1, 2, ]}', [{"a": [1, 2]}]),
        ('{"a": 1}; {"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"a": "line\nbreak"}', [{"a": "line\nbreak"}]),
        (r'{"a": "it\'s"}', [{"a": "it's"}]),
        ("{&quot;a&quot;: 1}", [{"a": 1}]),
        ("not json", []),
        ("", []),
    ],
)
def test_values(text: str, read: list[Any]) -> None:
    assert list(values(text)) == read


def test_a_text_that_breaks_off_gives_its_whole_properties() -> None:
    text = '{"headline": "Storm \\"Ada\\"", "author": {"name": "Ann Lee"}, "articleBody": "It '
    assert list(values(text)) == [{"headline": 'Storm "Ada"', "author": {"name": "Ann Lee"}}]


def test_nesting_without_end_is_left_out() -> None:
    assert list(values("[" * 100_000)) == []


@given(JSON.filter(lambda value: isinstance(value, list | dict)))
def test_whole_json_is_read_as_json(value: Any) -> None:
    text = json.dumps(value)
    if "<!--" not in text and "-->" not in text and "CDATA" not in text and "]]>" not in text:
        assert list(values(text)) == [value]


@given(st.text(alphabet='{}[]",:\\ab1\n-<>!&quot;'))
def test_nothing_raises(text: str) -> None:
    list(values(text))
