"""The months that are kept are those of CLDR."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files

from crawler.extraction import month_names


def test_the_file_says_what_babel_says() -> None:
    kept = json.loads((files("crawler.extraction") / "month_names.json").read_text("utf-8"))
    assert kept == month_names.all_from_cldr(), "python -m crawler.extraction.month_names"


def test_languages_by_other_names_and_those_that_are_not_kept() -> None:
    assert month_names.in_language("no") == month_names.in_language("nb") != {}
    assert month_names.in_language("br")["genver"] == 1  # Breton
    assert month_names.in_language("xx-nowhere") == {}
    assert "listopad" not in month_names.in_any_language()  # October and November
    assert month_names.in_any_language()["juni"] == 6


def test_babel_is_not_loaded_for_them() -> None:
    code = (
        "import sys; from crawler.extraction import month_names; month_names.in_any_language();"
        "print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
