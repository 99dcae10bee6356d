"""Walls, errors, redirects and other ways to a story. Pure."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from crawler.demo.answers import Answer, html, redirect
from crawler.demo.content import labels
from crawler.demo.designs import article, plain, variants
from crawler.demo.outlet import OtherPage, Outlet, Story

# The smallest file that calls itself a PDF and opens: one empty page.
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def _login(outlet: Outlet, page: OtherPage) -> Answer:
    words = labels(outlet.editions[page.edition].language)
    fields = "".join(
        f'<p><label>{words[name]} <input type="{name}"></label></p>' for name in ("email", "password")
    )
    return _dressed(outlet, page, words["login"], f'<form method="post">{fields}<button>OK</button></form>')


def _consent_wall(outlet: Outlet, page: OtherPage) -> Answer:
    """The dialogue stands alone, without menu or story, as consent platforms serve it."""
    words = labels(outlet.editions[page.edition].language)
    return html(
        variants.consent(
            language=outlet.editions[page.edition].language,
            title=f"{words['consent_title']} | {outlet.name}",
            heading=words["consent_title"],
            text=words["consent_text"],
            buttons=words["consent_buttons"],
        )
    )


def _stub(outlet: Outlet, page: OtherPage) -> Answer:
    """A headline and one line, and nothing more."""
    headline, _, line = page.title.partition(" | ")
    return _dressed(outlet, page, headline, f"<article><p>{escape(line)}</p></article>")


def _soft_404(outlet: Outlet, page: OtherPage) -> Answer:
    words = labels(outlet.editions[page.edition].language)
    return _dressed(outlet, page, words["not_found"], f"<p>{words['not_found_text']}</p>")


def _missing(outlet: Outlet, page: OtherPage) -> Answer:
    words = labels(outlet.editions[page.edition].language)
    return _dressed(outlet, page, words["not_found"], f"<p>{words['not_found_text']}</p>", status=404)


def _gone(outlet: Outlet, page: OtherPage) -> Answer:
    words = labels(outlet.editions[page.edition].language)
    return _dressed(outlet, page, words["not_found"], f"<p>{words['gone_text']}</p>", status=410)


def _forbidden(outlet: Outlet, page: OtherPage) -> Answer:
    """Whoever comes here has not read robots.txt."""
    words = labels(outlet.editions[page.edition].language)
    return _dressed(outlet, page, page.title, f"<p>{words['forbidden_text']}</p>")


def _restricted(outlet: Outlet, page: OtherPage) -> Answer:
    words = labels(outlet.editions[page.edition].language)
    return _dressed(outlet, page, page.title, f"<p>{words['restricted_text']}</p>", status=403)


def _pdf(_outlet: Outlet, _page: OtherPage) -> Answer:
    return Answer(body=PDF, content_type="application/pdf")


def _redirect(outlet: Outlet, page: OtherPage) -> Answer:
    return redirect(_target(outlet, page).path)


def _loop(_outlet: Outlet, page: OtherPage) -> Answer:
    """Always on to itself, however often it is followed."""
    return redirect(f"{page.path}?again=1", status=302)


def _amp(outlet: Outlet, page: OtherPage) -> Answer:
    return html(variants.amp(outlet, _target(outlet, page)))


def _print(outlet: Outlet, page: OtherPage) -> Answer:
    return html(variants.print_view(outlet, _target(outlet, page)))


def _same(outlet: Outlet, page: OtherPage) -> Answer:
    """The story's own page once more; where its design names a canonical address, that tells."""
    return html(article(outlet, _target(outlet, page)))


def _target(outlet: Outlet, page: OtherPage) -> Story:
    return next(story for story in outlet.stories if story.url == page.story)


def _dressed(outlet: Outlet, page: OtherPage, title: str, main: str, *, status: int = 200) -> Answer:
    """`main` under a heading, in the edition's design."""
    edition = outlet.editions[page.edition]
    return html(plain(outlet, edition, title, f"<h1>{escape(title)}</h1>{main}"), status=status)


ODDITIES: dict[str, Callable[[Outlet, OtherPage], Answer]] = {
    "login": _login,
    "consent_wall": _consent_wall,
    "stub": _stub,
    "soft_404": _soft_404,
    "missing": _missing,
    "gone": _gone,
    "forbidden": _forbidden,
    "restricted": _restricted,
    "pdf": _pdf,
    "redirect": _redirect,
    "loop": _loop,
    "amp": _amp,
    "print": _print,
    "slash": _same,
    "copy": _same,
}
