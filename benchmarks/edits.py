"""What becomes of an agency's text in a newsroom: the edits that copies come with.

An edit takes a story's paragraphs and gives those of its copy, and the same again for the same seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Paragraphs = list[str]

SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s*(?=\S)")
UNITS = re.compile(r"[\u0e00-\u0eff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")
BOILERPLATE = {
    "en": (
        "Sign up to our morning briefing and never miss the stories that matter in your region.",
        "This article was first published by our partners and is reproduced here with permission. "
        "It has been edited for length.",
        "Have you seen something that we should know about? Write to the newsdesk "
        "or send a message to our tip line at any time.",
    ),
    "de": (
        "Melden Sie sich für unseren Newsletter an und verpassen Sie keine Nachricht aus Ihrer Region.",
        "Dieser Beitrag entstand in Zusammenarbeit mit einer Nachrichtenagentur "
        "und wurde von der Redaktion nicht bearbeitet.",
        "Haben Sie etwas beobachtet, das wir wissen sollten? "
        "Schreiben Sie der Redaktion oder rufen Sie uns an.",
    ),
    "ja": (
        "最新のニュースをメールでお届けします。登録は無料です。",
        "この記事は提携する通信社の配信を受けて掲載しています。内容は編集部の見解を示すものではありません。",
        "ご意見やご感想、情報の提供をお待ちしています。編集部までお寄せください。",
    ),
}
HEADLINES = (
    "What you need to know this morning",
    "Das müssen Sie heute wissen",
    "Lo que hay que saber hoy",
    "きょうの主なニュース",
    "Ce qu'il faut savoir aujourd'hui",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """A text as one outlet prints it."""

    headline: str
    paragraphs: Paragraphs

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def new_headline(story: Story, rng: random.Random, _donor: Story) -> Story:
    """The desk writes a headline of its own."""
    words = story.headline.split()
    rng.shuffle(words)
    return Story(headline=f"Update: {' '.join(words[: len(words) // 2])}", paragraphs=story.paragraphs)


def translated_headline(story: Story, rng: random.Random, _donor: Story) -> Story:
    """The same text under a headline in another language."""
    return Story(headline=rng.choice(HEADLINES), paragraphs=story.paragraphs)


def paragraphs_changed(story: Story, rng: random.Random, donor: Story) -> Story:
    """One to three paragraphs are written anew."""
    changed = list(story.paragraphs)
    for place in rng.sample(range(len(changed)), min(rng.randint(1, 3), len(changed))):
        units = UNITS.findall(rng.choice(donor.paragraphs))
        rng.shuffle(units)  # what another story says, in nobody's words
        changed[place] = f"{' '.join(units)}."
    return Story(headline=story.headline, paragraphs=changed)


def cut_to_half(story: Story, _rng: random.Random, _donor: Story) -> Story:
    """The end is cut off to fit."""
    room, kept = size(story.text) / 2, Paragraphs()
    for sentence in (s for p in story.paragraphs for s in sentences(p)):
        if size(" ".join(kept)) >= room:
            break
        kept.append(sentence)
    return Story(headline=story.headline, paragraphs=kept)


def boilerplate_added(story: Story, rng: random.Random, _donor: Story) -> Story:
    """The outlet's standing lines come before, between and after the paragraphs."""
    framed = list(story.paragraphs)
    for line in BOILERPLATE[_boilerplate_language(story.text)]:
        framed.insert(rng.randint(0, len(framed)), line)
    return Story(headline=story.headline, paragraphs=framed)


def sentences_dropped(story: Story, rng: random.Random, _donor: Story) -> Story:
    """A fifth of the sentences goes, here and there."""
    kept = [
        "".join(s if s[-1] in "。！？" else f"{s} " for s in sentences(p) if rng.random() > 0.2)
        for p in story.paragraphs
    ]
    return Story(headline=story.headline, paragraphs=[p.strip() for p in kept if p.strip()])


def copy_edited(story: Story, rng: random.Random, _donor: Story) -> Story:
    """One word in forty is put otherwise, quotes and dashes follow the house's style."""
    edited = []
    for paragraph in story.paragraphs:
        units = re.findall(r"\S+|\s+", paragraph)
        chosen = [u if u.isspace() or rng.random() > 1 / 40 else rng.choice(units) for u in units]
        edited.append("".join(chosen).replace('"', "”").replace(" - ", " – "))
    return Story(headline=story.headline, paragraphs=edited)


def rewritten_and_cut(story: Story, rng: random.Random, donor: Story) -> Story:
    """Cut to two thirds, with a lead and a closing paragraph of the outlet's own."""
    room, kept = 2 * size(story.text) / 3, Paragraphs()
    for sentence in (s for p in story.paragraphs for s in sentences(p)):
        if size(" ".join(kept)) >= room:
            break
        kept.append(sentence)
    lead, end = rng.choice(sentences(donor.paragraphs[0])), rng.choice(sentences(donor.paragraphs[-1]))
    return Story(headline=donor.headline, paragraphs=[lead, *kept, end])


Edit = Callable[[Story, random.Random, Story], Story]
EDITS: Sequence[Edit] = (
    new_headline,
    translated_headline,
    paragraphs_changed,
    cut_to_half,
    boilerplate_added,
    sentences_dropped,
    copy_edited,
    rewritten_and_cut,
)


def size(text: str) -> int:
    """Words, or characters where nothing parts words."""
    return len(UNITS.findall(text))


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph, well enough to cut between them."""
    return [sentence for sentence in SENTENCE_END.split(paragraph) if sentence] or [paragraph]


def _boilerplate_language(text: str) -> str:
    if re.search(r"[\u3041-\u30ff]", text):
        return "ja"
    return "de" if len(re.findall(r"\b(?:der|die|und|nicht)\b", text)) > size(text) / 40 else "en"
