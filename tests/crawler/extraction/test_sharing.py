"""The title that share buttons send along."""

from __future__ import annotations

import pytest

from crawler.extraction.sharing import shared_title
from tests.news_page import TITLE, URL, clues, page

# URL and TITLE as links carry them.
OWN = "https%3A%2F%2Fwww.harbourpost.example%2Fnews%2F2026%2Fpier.html"
WORDS = TITLE.replace(" ", "%20")


@pytest.mark.parametrize(
    "href",
    [
        f"https://social.example/intent?url={OWN}&amp;text={WORDS}",
        f"https://social.example/share?u={URL}&amp;T={WORDS.replace('%20', '+')}",
        # The plainest parameter is asked first.
        f"https://social.example/intent?text=Read+this+tonight&amp;title={WORDS}&amp;url={OWN}",
        # Title and address in one, as messengers have it; a sender; a title that was escaped twice.
        f"https://messages.example/send?text={WORDS}%20{OWN}",
        f"https://social.example/intent?url={OWN}&amp;text={WORDS}%20via%20%40harbourpost",
        f"mailto:?subject={WORDS}&amp;body=Read+this:%0A{OWN}",
        f"mailto:?subject={WORDS.replace('Old', '%26%2379%3Bld')}&amp;body={OWN}",
    ],
)
def test_a_link_with_the_title_and_the_own_address(href: str) -> None:
    assert shared_title(clues(page(f'<a href="{href}">Share</a>'))) == TITLE


@pytest.mark.parametrize(
    "href",
    [
        # Another page's address, or none.
        f"https://social.example/intent?url={OWN.replace('pier', 'ferry')}&amp;text={WORDS}",
        f"mailto:?subject={WORDS}",
        # The address alone; a parameter that carries no title.
        f"https://social.example/intent?url={OWN}",
        f"https://social.example/intent?url={OWN}&amp;via={WORDS}",
        f"https://social.example/intent?text={OWN}",
        # Odd ones.
        f"https://social.example/intent?url={OWN}&amp;text={'x' * 5_000}",
        "?title=%",
    ],
)
def test_links_that_say_nothing_of_this_page(href: str) -> None:
    assert shared_title(clues(page(f'<a href="{href}">Share</a>'))) is None


def test_what_most_links_carry() -> None:
    texts = ("Interesting", WORDS, WORDS)
    links = "".join(
        f'<a href="https://social.example/s?url={OWN}&amp;text={text}">Share</a>' for text in texts
    )
    assert shared_title(clues(page(links))) == TITLE


def test_every_page_holds_the_front_page_s_address() -> None:
    link = f'<a href="https://social.example/s?url=https%3A%2F%2Fother.example%2F&amp;text={WORDS}">Share</a>'
    assert shared_title(clues(page(link), "https://www.harbourpost.example/")) is None
