"""WordPress's `[caption]` where it was left as it was written: turned into the figure that it stands for."""

from __future__ import annotations

import re

_BEGIN, _END = b"[caption", b"[/caption]"
# Its attributes, then the picture, perhaps in a link; what follows is the caption.
_PICTURE = re.compile(
    rb"[^\]<]{0,400}\]\s{0,20}((?:<a\b[^>]{0,1000}>\s{0,20})?<img\b[^>]{0,2000}>(?:\s{0,20}</a>)?)",
    re.IGNORECASE,
)


def rendered(html: bytes) -> bytes:
    """`html` with a <figure> for each such shortcode; the rest as it is."""
    *before, rest = html.split(_END)
    return b"".join([*map(_as_figure, before), rest]) if before else html


def _as_figure(part: bytes) -> bytes:
    """`part`, which ended with a closing mark, with what the last opening one began as a figure."""
    text, begin, shortcode = part.rpartition(_BEGIN)
    picture = _PICTURE.match(shortcode) if begin else None
    if picture is None:
        return part + _END
    caption = shortcode[picture.end() :]
    return b"".join([text, b"<figure>", picture[1], b"<figcaption>", caption, b"</figcaption></figure>"])
