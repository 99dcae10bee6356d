"""The names in a byline: a line of text in, persons and organisations out. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from crawler.extraction.agencies import is_organisation
from crawler.extraction.text import any_of, clean, whole_words, word_set
from storage.records import Byline, Role

# What is written before names, and says what they did. Tried where a line begins or breaks off.
_LABELS: dict[Role, str] = {
    Role.PHOTOGRAPHER: r"""
        photo(?:graph)?s?(?: and video)? (?:by|credit), photo(?:graph(?:er|y|s)?|s)?, pictures?(?: by)?,
        images?(?: by)?, fotos? (?:von|de|di|af|av), foto(?:s|graf\w*|graf[ií]as?)?, bilder(?: von)?,
        bild(?: von)?, photographe, kuvat?, zdj[eę]cia, foto[gğ]raf\w*, фото, 写真, 撮影, 摄影, 攝影, 사진,
        illustrations?(?: by| von)?, grafik, graphics?(?: by)?
        """,
    Role.CONTRIBUTOR: r"""
        additional reporting(?: by| from)?, reporting(?: by| from), (?:with )?contributions? (?:by|from),
        contributed by, with (?:reporting|contributions|files) (?:by|from), research(?: by)?,
        unter mitarbeit von, mitarbeit, recherche, avec la contribution de,
        con (?:la colaboraci[oó]n|informaci[oó]n) de, colabora(?:dor(?:es)?|ci[oó]n),
        colabora[cç][aã]o(?: de)?, con il contributo di, medvirkende, medarbejdere?, 取材協力, 取材
        """,
    Role.TRANSLATOR: r"""
        translat(?:ed|ion)(?: by)?, translator, übersetz(?:t|ung|er(?:in)?)(?: von)?, aus dem \w+ von,
        tradu(?:it|ction)(?: par)?, traducci[oó]n(?: de)?, traducido por, tradu[cç][aã]o(?: de)?,
        traduzione(?: di)?, oversat af, översatt av, перевод, 翻訳, 翻译, 译, 번역
        """,
    Role.WRITER: r"""
        (?:written|reported|story|words|text|article|analysis|opinion|review) by,
        (?:commentary|posted|published|interview) by,
        by, authors?, reporters?, writers?, words, texte? (?:von|de|par), texte?, autor(?:in|en|es|i|a)?,
        (?:eine? )?(?:(?:gast)?(?:beitrag|kommentar|essay)|analyse|bericht|glosse|interview|kolumne) von,
        (?:eine? )?(?:kritik|leitartikel|portr[aä]t|protokoll|reportage|rezension) von, von,
        propos recueillis par, par, auteurs?, escrito por, redactado por, por, texto(?: de)?, a cura di, di,
        da, autore, autori, testo, door, tekst:? og foto, tekst, skrevet av, skrevet af, skrevet, av, af,
        journalister?, skribent, texter, reporter, teksti, teksts, tekstas, kirjoittaja, autorzy, autorka,
        opracowanie,
        oprac, yazan, yazar, haber, muhabir, автор(?:ы|и)?, текст, журналист, 記者, 文・写真, 取材・文,
        執筆, 文, 作者, 撰文, 记者, 編輯, 編集, 글, 기자, 취재, بقلم, كتب, كتبت, द्वारा
        """,
}
_ANY_LABEL = "|".join(f"(?P<{role.name}>{any_of(labels)})" for role, labels in _LABELS.items())
_LABEL = re.compile(
    rf"(?:^|(?<=[\n|;:/.•·–—(（【／])|(?<=\s-)|(?<=, ))\s{{0,4}}(?:{_ANY_LABEL})(?:\s?[:：=＝／・]\s?|\s+|$)",
    re.IGNORECASE,
)

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@\w{1,40}")
_PARENTHESES = re.compile(r"[(（\[【]([^()（）\[\]【】]{0,80})[)）\]】]")

# Runs of blanks cost a break the square of their length.
_BLANKS = re.compile(r"[^\S\n]+")

# Between names everywhere …
_BREAK = re.compile(
    r"\s*[,;|/／、，•·\n]\s*|\s+[–—+&]\s+|\s+-\s+|"
    r"\s*(?<=[\u3400-\u9fff\uac00-\ud7af])・(?=[\u3400-\u9fff])|"
    r"\s+(?:and|und|et|og|och|sowie|with|mit|avec|con|med|oraz|ve|и|та|і|và)\s+|\s+و\s?(?=\w)",
    re.IGNORECASE,
)
# … and where both sides are whole names: "Ortega y Gasset" is one person.
_WEAK_BREAK = re.compile(r"\s+(?:y|e|i|en|ja|a|u)\s+")

# A person's rank, before the name, and what the person is, after it.
_RANK = re.compile(
    r"^(?:(?:dr|prof|professor|mr|mrs|ms|sir|dame|ing|dipl|mag|med|rer|nat|phil)\b\.?\s*)+", re.IGNORECASE
)
_JOB = whole_words(
    r"""
    reporter, \w*(?:korrespondent|redakteur|redaktor|autor)(?:in|en|innen)?, correspondents?, editor,
    writer, columnist, kolumnist(?:in)?, journalist(?:in|e)?, analyst, producer, presenter, broadcaster,
    contributor, author, redact(?:or|ora|rice|eur), periodista, corresponsal, enviad[oa] especial,
    editor[ae]?, jornalista, rep[oó]rter, envoy[eé]e? sp[eé]ciale?, correspondante?, journaliste,
    giornalista, inviat[oa], corrispondente, verslaggever, redacteur, chef\w*, leiter(?:in)?, chief, head,
    director, volont[aä]r(?:in)?, praktikant(?:in)?, freelance\w*, dziennikarz, dziennikarka,
    redaktor(?:ka)?, toimittaja, muhabir\w*, edit[oö]r\w*, корреспондент, обозреватель, журналист,
    photographer, fotograf(?:in)?, commentator, expert, fellow, analysis, opinion
    """
)
_DENSE_JOBS = any_of(
    """
    記者, 特派員, 編集委員, 論説委員, 支局長, 记者, 通讯员, 선임기자, 인턴기자, 객원기자, 기자, 특파원,
    논설위원, 칼럼니스트, 인턴, 앵커
    """
)
_DENSE_JOB = re.compile(rf"\s*(?:{_DENSE_JOBS})(?:\s*=.*)?$")
# A job in a line of its own below the name.
_JOB_BELOW = re.compile(rf"\n(?=(?:{_DENSE_JOBS})(?:\s|$))")
# "Seoul=": the place that a report comes from.
_DATELINE = re.compile(r"^[^=＝]{1,20}[=＝]\s?")
_AT_PLACE = re.compile(r"\s+(?:in|aus|of|for|from|at|à|für|i|fra|från)\s+(?=[A-ZÀ-Þ]).*$")
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq|cfa)\.?$", re.IGNORECASE)

# Words of buttons and labels near bylines: a piece that has one is not a name.
_NO_NAME = whole_words(
    r"""
    share, comments?, follow, read, min, minutes?, hours?, ago, updated?, published, posted, subscribe,
    newsletter, more, view, profile, bio, email, contact, print, save, listen, watch, photos?, image, video,
    today, yesterday, edited, about, see, all, articles?, posts?, stories, latest, social, links?,
    navigation, advertising, telephone, menu, home, exclusive, sponsored, advertisement, copyright, us,
    page, copy, log in, sign in, kommentare?, teilen, folgen, merken, lesezeit, aktualisiert,
    veröffentlicht, uhr, stand, artikel, mehr, alle, anzeige, drucken, publi[eé]e?, modifi[eé]e?,
    mis à jour, partager, commentaires?, lecture, lire, publicado, actualizado, compartir, comentarios?,
    guardar, leer, seguir, publicad[oa], atualizad[oa], compartilhar, pubblicato, aggiornato, condividi,
    publiceret, publisert, publicerad, oppdatert, opdateret, uppdaterad, lytt, opublikowano, aktualizacja,
    güncelleme, giriş, paylaş, yayınlanma, опубликовано, обновлено, null, undefined, unknown, none
    """
)
_FIGURE = re.compile(r"\S*\d")
_TWO_WORDS = re.compile(r"\w[\w.'’-]*\s+\w[\w.'’-]*\s")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_UNSPACED_NAME = re.compile(
    r"[\uac00-\ud7af]{2,4}$|[\u3400-\u9fff々]{1,4}[ \u3000]?[\u3400-\u9fff々\u3040-\u30ff]{1,5}$|"
    r"[\u30a0-\u30ff]+(?:[・=＝ ][\u30a0-\u30ff]+)*$"
)
_PARTICLES = word_set(
    "von van der den de del della di da dos das du la le el al bin ibn ben abu bint zu zur zum af av y e i "
    "o' ter ten vom te op het st san dalla degli lo los las"
)
_IN_NAMES = " .'’ʼ-‐"

_LONGEST_LINE = 2_000
_LINES = 32  # a page names its authors in many places
_LONGEST_NAME = 60
_MOST_WORDS = 6
_TRIMMED = " .:;,-–—*\"'“”«»=＝"


def read_names(
    line: str, outlet: frozenset[str] = frozenset(), *, is_name: bool = False
) -> tuple[Byline, ...]:
    """The names in `line`, in order, each once; line breaks in it part names.

    `outlet` holds the folded names of the page's own publication, which is never a person. Where the
    page says that the line is a name (`is_name`), it may be in lower case or a single word.
    """
    return _names(line[:_LONGEST_LINE], outlet, is_name)


@lru_cache(maxsize=_LINES)
def _names(line: str, outlet: frozenset[str], is_name: bool) -> tuple[Byline, ...]:
    found: dict[str, Byline] = {}
    line = _JOB_BELOW.sub(" ", line)
    for role, text, labelled in _labelled(line):
        for name, has_job in _pieces(text):
            if is_organisation(name, outlet):
                if role is not Role.PHOTOGRAPHER:  # who supplied a picture is no author
                    found.setdefault(name.casefold(), Byline(name=name, role=Role.AGENCY))
            elif _is_person(name, is_name=is_name, is_signed=is_name or labelled or has_job):
                found.setdefault(name.casefold(), Byline(name=name, role=role))
    return _without_places(tuple(found.values()))


def _labelled(line: str) -> Iterator[tuple[Role, str, bool]]:
    """The stretches of `line`: the role that the label before gives, the text, whether there is a label."""
    role, start, labelled = Role.WRITER, 0, False
    for label in _LABEL.finditer(line):
        yield role, line[start : label.start()], labelled
        role, start, labelled = Role[label.lastgroup or Role.WRITER.name], label.end(), True
    yield role, line[start:], labelled


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """What stands between the breaks, trimmed, and whether a job stood with it."""
    text = _ADDRESS.sub(" ", _EMAIL.sub(" ", text))
    aside = [inner for inner in _PARENTHESES.findall(text) if is_organisation(inner)]
    parts: list[str] = []
    for part in _BREAK.split(_BLANKS.sub(" ", _PARENTHESES.sub(" ", text))):
        if not (parts and _SUFFIX.match(part.strip())):
            parts.extend(_weakly_split(part))
    for part in (*parts, *aside):
        if name := _trimmed(part):
            yield name, _DENSE_JOB.search(part) is not None


def _weakly_split(part: str) -> list[str]:
    sides = _WEAK_BREAK.split(part)
    return sides if all(len(side.split()) > 1 for side in sides) else [part]


def _trimmed(part: str) -> str:
    """The name in `part`, without rank, job, place and what follows a figure or a button's word."""
    name = _DENSE_JOB.sub("", _DATELINE.sub("", clean(part).strip(_TRIMMED)))
    if not is_organisation(name):
        ends = [_FIGURE.search(name), _NO_NAME.search(name) if _TWO_WORDS.match(name) else None]
        name = name[: min((end.start() for end in ends if end), default=len(name))]
    return _AT_PLACE.sub("", _RANK.sub("", name)).strip(_TRIMMED)


def _is_person(name: str, *, is_name: bool, is_signed: bool) -> bool:
    """Whether `name` may be a person's. Without a page's word for it, one word alone is not believed."""
    if not 2 <= len(name) <= _LONGEST_NAME or _NO_NAME.search(name) or _JOB.search(name):
        return False
    if _UNSPACED.search(name):
        return is_signed and _UNSPACED_NAME.match(name) is not None
    words = name.split()
    if len(words) > _MOST_WORDS or not all(_is_letter(ch) for ch in name):
        return False
    return is_name or (len(words) > 1 and all(_looks_proper(word) for word in words))


def _is_letter(character: str) -> bool:
    """Whether names are written with it; vowel signs (Hindi, Thai …) are letters, too."""
    return character.isalpha() or character in _IN_NAMES or unicodedata.category(character).startswith("M")


def _looks_proper(word: str) -> bool:
    """Whether a word begins as names do; scripts without capitals always do."""
    return not word[0].islower() or word.lower() in _PARTICLES


def _without_places(names: tuple[Byline, ...]) -> tuple[Byline, ...]:
    """Single words beside whole names are places and sections: "Jane Doe, Oslo"."""
    if not any(" " in b.name and b.role is not Role.AGENCY for b in names):
        return names
    return tuple(b for b in names if b.role is Role.AGENCY or " " in b.name or _UNSPACED.search(b.name))
