"""Page templates: templates/*.html, filled with `string.Template`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent.parent / "templates"


def fill(template: str, /, **slots: str) -> str:
    """``templates/<template>.html`` with its ``$slots`` filled, which are HTML already.

    KeyError for a slot that is left out.
    """
    return _template(template).substitute(slots)


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / f"{name}.html").read_text("utf-8"))
