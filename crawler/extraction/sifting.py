"""Which pieces in the story's container are the story.

Each rule names one kind of text that is not, by where it stands and how it looks rather than by
its words, so that it holds in any language. The first rule that applies decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property

from crawler.extraction.blocks import REPEATED, Box, Piece, width
from crawler.extraction.text import fold
from storage.records import BlockKind

# A line that is a link from end to end points to another story; longer ones are text that links a lot.
LINK_LINE_LENGTH = 200
# What ends like this is a sentence that links from end to end, as titles do not.
FULL_STOPS = (".", ".”", '."', "。")
# "Read also: <title>": a link with no more than a few words before it.
LEAD_IN_SHARE, LEAD_IN_LENGTH = 0.5, 30
# A box whose text is links by half is a list of them, unless so much of it is running text.
LINK_LIST_SHARE, TOLD_SHARE = 0.5, 0.25
# A picture with no more text around it than this is a picture with its caption.
CAPTION_PIECES, CAPTION_LENGTH = 3, 400
# Where nearly all running text stands in <p>, short text outside is a button, an advertisement's mark …
PARAGRAPH_SHARE = 0.8
SHORT = 100
# "Question:", "Specs:": repeated, and yet of the story.
COLONS = (":", "：")
# A label: too short for a sentence.
LABEL = 60
# A pull quote has at least so many letters; fewer stand in the text by chance.
QUOTE_LETTERS = 20
MAX_LETTERS = 100_000  # no story is longer; all quotes of a page are looked for in them
COPYRIGHT_LENGTH = 150

_COPYRIGHT = re.compile(r"^\W*(?:©|\(c\)|copyright\b)|©", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(（\[【][^()（）]*[)）\]】][.。]?")
_TIME = re.compile(r"^\D{0,12}\d{1,4}[.:/-]\s?\d{1,2}\b")


class Fate(Enum):
    """What becomes of a piece in the container."""

    KEPT = auto()
    BESIDE = auto()  # furniture, another story's card
    LINK = auto()  # leads to another story
    DROPPED = auto()  # a caption, a label, a repetition: the text goes on behind it


@dataclass(eq=False)
class Story:
    """The pieces in the container, with what the rules ask of all of them."""

    pieces: list[Piece]
    container: Box
    beside: Collection[Box]
    _link_lists: dict[Box, bool] = field(default_factory=dict)
    _captioned: dict[Box, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._link_lists[self.container] = self._captioned[self.container] = False

    @cached_property
    def is_in_paragraphs(self) -> bool:
        """Whether nearly all running text stands in <p>."""
        prose = sum(piece.prose for piece in self.pieces if piece.box not in self.beside)
        in_paragraphs = sum(p.prose for p in self.pieces if p.box.tag == "p" and p.box not in self.beside)
        return in_paragraphs > PARAGRAPH_SHARE * prose

    @cached_property
    def times(self) -> Counter[str]:
        """How often each text comes."""
        return Counter(piece.text for piece in self.pieces)

    @cached_property
    def letters(self) -> str:
        """The letters of the running text that is no quote."""
        told = (piece.text for piece in self.pieces if piece.prose and piece.kind is not BlockKind.QUOTE)
        return fold(" ".join(told)[:MAX_LETTERS])

    def is_link_list(self, box: Box) -> bool:
        """Whether `box` is, or stands in, a list of links."""
        return _inherited(box, _is_link_list, self._link_lists)

    def is_captioned(self, box: Box) -> bool:
        """Whether `box` is, or stands in, a box that holds a picture and a few words."""
        return _inherited(box, _is_picture_with_caption, self._captioned)


def fates(story: Story) -> list[Fate]:
    """What becomes of each of the story's pieces."""
    seen: set[str] = set()
    result = []
    for piece in story.pieces:
        fate = next((fate for rule, fate in RULES if rule(piece, story)), Fate.KEPT)
        if fate is Fate.KEPT and width(piece.text) > LABEL:
            fate = Fate.DROPPED if piece.text in seen else Fate.KEPT
            seen.add(piece.text)
        result.append(fate)
    return result


def _is_beside(piece: Piece, story: Story) -> bool:
    return piece.box in story.beside


def _is_link(piece: Piece, _: Story) -> bool:
    length = len(piece.text)
    if piece.box.tag == "p" and piece.text.endswith(FULL_STOPS):
        return False
    if piece.is_link:
        return length < LINK_LINE_LENGTH
    return piece.linked > LEAD_IN_SHARE * length and length - piece.linked < LEAD_IN_LENGTH


def _is_pointer(piece: Piece, _: Story) -> bool:
    """A remark all in brackets that leads elsewhere: "(Read this story in Japanese.)"."""
    is_remark = piece.box.tag == "p" and len(piece.text) < LINK_LINE_LENGTH
    return is_remark and piece.linked > 0 and _IN_BRACKETS.fullmatch(piece.text) is not None


def _is_in_link_list(piece: Piece, story: Story) -> bool:
    return story.is_link_list(piece.box)


def _is_title(piece: Piece, _: Story) -> bool:
    return piece.box.level == 1


def _is_caption(piece: Piece, story: Story) -> bool:
    return story.is_captioned(piece.box)


def _is_prompt(piece: Piece, story: Story) -> bool:
    """A placeholder, a button, "Advertisement": what comes again and again."""
    if piece.box.level or piece.text.endswith(COLONS):
        return False
    if piece.repeated or (piece.kind is BlockKind.PARAGRAPH and story.times[piece.text] >= REPEATED):
        return True
    is_label = not piece.is_sentence and width(piece.text) < LABEL
    return is_label and piece.kind is BlockKind.PARAGRAPH and story.times[piece.text] > 1


def _is_wordless(piece: Piece, _: Story) -> bool:
    return not any(character.isalnum() for character in piece.text)


def _is_copyright(piece: Piece, _: Story) -> bool:
    return len(piece.text) < COPYRIGHT_LENGTH and _COPYRIGHT.search(piece.text) is not None


def _is_stray(piece: Piece, story: Story) -> bool:
    """Short text outside paragraphs, in a story that is told in paragraphs."""
    is_bare = piece.kind is BlockKind.PARAGRAPH and piece.box.tag != "p"
    return is_bare and width(piece.text) < SHORT and story.is_in_paragraphs


def _is_time(piece: Piece, _: Story) -> bool:
    """A date or an hour, with a few words at most."""
    is_short = piece.kind is BlockKind.PARAGRAPH and width(piece.text) < LABEL
    return is_short and _TIME.search(piece.text) is not None


def _is_pull_quote(piece: Piece, story: Story) -> bool:
    """Words of the story, shown once more in large letters."""
    if piece.kind is not BlockKind.QUOTE:
        return False
    letters = fold(piece.text)
    return len(letters) >= QUOTE_LETTERS and letters in story.letters


RULES: tuple[tuple[Callable[[Piece, Story], bool], Fate], ...] = (
    (_is_beside, Fate.BESIDE),
    (_is_link, Fate.LINK),
    (_is_pointer, Fate.LINK),
    (_is_in_link_list, Fate.LINK),
    (_is_title, Fate.DROPPED),
    (_is_caption, Fate.DROPPED),
    (_is_prompt, Fate.DROPPED),
    (_is_wordless, Fate.DROPPED),
    (_is_copyright, Fate.DROPPED),
    (_is_stray, Fate.DROPPED),
    (_is_time, Fate.DROPPED),
    (_is_pull_quote, Fate.DROPPED),
)


def _is_link_list(box: Box) -> bool:
    is_told = box.tag == "p" or box.prose > TOLD_SHARE * box.characters
    return box.linked > LINK_LIST_SHARE * box.characters and not is_told


def _is_picture_with_caption(box: Box) -> bool:
    small = box.pieces <= CAPTION_PIECES and box.characters < CAPTION_LENGTH
    return box.pictures > 0 and small and box.tag != "p"


def _inherited(box: Box, test: Callable[[Box], bool], known: dict[Box, bool]) -> bool:
    """Whether `test` holds for `box` or a box around it, up to those that are `known`."""
    path = []
    here: Box | None = box
    while here is not None and here not in known:
        path.append(here)
        here = here.parent
    answer = here is not None and known[here]
    for step in reversed(path):
        answer = known[step] = answer or test(step)
    return answer
