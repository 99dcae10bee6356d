"""The names in a byline: a line of text in, persons and organisations out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extraction.agencies import is_organisation
from crawler.extraction.text import clean
from storage.records import Byline, Role

# What says that the names after it did something other than write. Tried where a label may stand: at
# the beginning of a line or after a break in it.
_ROLES: tuple[tuple[Role, str], ...] = (
    (
        Role.PHOTOGRAPHER,
        r"photo(?:graph)?s?(?: and video)? (?:by|credit)|photo(?:graph(?:er|y|s)?|s)?|pictures?(?: by)?|images?(?: by)?|"
        r"fotos? (?:von|de|di|af|av)|foto(?:s|graf\w*|grafie|graf[ií]as?)?|bilder(?: von)?|bild(?: von)?|photographe|"
        r"kuvat?|zdj[eę]cia|foto[gğ]raf\w*|фото|写真|撮影|摄影|攝影|사진|illustrations?(?: by| von)?|grafik|graphics?(?: by)?",
    ),
    (
        Role.CONTRIBUTOR,
        r"additional reporting(?: by| from)?|reporting(?: by| from)|(?:with )?contributions? (?:by|from)|contributed by|"
        r"with (?:reporting|contributions|files) (?:by|from)|research(?: by)?|unter mitarbeit von|mitarbeit|recherche|"
        r"avec la contribution de|con (?:la colaboraci[oó]n|informaci[oó]n) de|colabora(?:dor(?:es)?|ci[oó]n)|"
        r"colabora[cç][aã]o(?: de)?|con il contributo di|medvirkende|medarbejdere?|取材協力|取材",
    ),
    (
        Role.TRANSLATOR,
        r"translat(?:ed|ion)(?: by)?|translator|übersetz(?:t|ung|er(?:in)?)(?: von)?|aus dem \w+ von|tradu(?:it|ction)(?: par)?|"
        r"traducci[oó]n(?: de)?|traducido por|tradu[cç][aã]o(?: de)?|traduzione(?: di)?|oversat af|översatt av|перевод|"
        r"翻訳|翻译|译|번역",
    ),
    (
        Role.WRITER,
        r"(?:written|reported|story|words|text|article|analysis|opinion|review|commentary|posted|published|interview) by|"
        r"by|authors?|reporters?|writers?|words|texte? (?:von|de|par)|texte?|"
        r"(?:eine? )?(?:(?:gast)?(?:beitrag|kommentar|essay)|analyse|bericht|glosse|interview|kolumne|kritik|leitartikel|"
        r"portr[aä]t|protokoll|reportage|rezension) von|von|autor(?:in|en|es|i|a)?|"
        r"par|propos recueillis par|auteurs?|por|escrito por|texto(?: de)?|redactado por|di|a cura di|da|autore|autori|testo|"
        r"door|tekst|tekst:? og foto|av|af|skrevet av|skrevet af|skrevet|journalister?|skribent|texte?r|reporter|teksti|"
        r"kirjoittaja|autorzy|autorka|opracowanie|oprac|yazan|yazar|haber|muhabir|автор(?:ы|и)?|текст|журналист|"
        r"記者|文・写真|取材・文|執筆|文|作者|撰文|记者|編輯|編集|글|기자|취재|بقلم|كتب|كتبت|द्वारा",
    ),
)
_ANY_ROLE = "|".join(f"(?P<{role.name}>{pattern})" for role, pattern in _ROLES)
# After a label: a colon, or white space. Scripts without spaces need the colon or a break.
_LABEL = re.compile(
    rf"(?:^|(?<=[\n|;:/.•·–—(（【／])|(?<=\s-)|(?<=, ))\s{{0,4}}(?:{_ANY_ROLE})(?:\s?[:：=＝／]\s?|\s+|$)",
    re.IGNORECASE,
)

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@\w{1,40}")
_PARENTHESES = re.compile(r"[(（\[【]([^()（）\[\]【】]{0,80})[)）\]】]")

# Between names everywhere …
_BREAK = re.compile(
    r"\s*[,;|/／、，•·\n]\s*|\s+[–—+&]\s+|\s+-\s+|\s*(?<=[\u3400-\u9fff\uac00-\ud7af])・(?=[\u3400-\u9fff])|"
    r"\s+(?:and|und|et|og|och|sowie|with|mit|avec|con|med|oraz|ve|и|та|і|und|&amp;|và)\s+|\s+و\s?(?=\w)",
    re.IGNORECASE,
)
# … and where both sides are whole names: "Ortega y Gasset" is one person.
_WEAK_BREAK = re.compile(r"\s+(?:y|e|i|en|ja|a|u)\s+")

# A person's rank, before the name, and what the person is, after it.
_RANK = re.compile(
    r"^(?:(?:dr|prof|professor|mr|mrs|ms|sir|dame|ing|dipl|mag|med|rer|nat|phil)\b\.?\s*)+", re.IGNORECASE
)
_JOB = re.compile(
    r"\b(?:reporter|\w*(?:korrespondent|redakteur|redaktor|autor)(?:in|en|innen)?|correspondents?|editor|writer|"
    r"columnist|kolumnist(?:in)?|journalist(?:in|e)?|analyst|producer|presenter|broadcaster|contributor|author|"
    r"redact(?:or|ora|rice|eur)|periodista|corresponsal|enviad[oa] especial|editor[ae]?|jornalista|rep[oó]rter|"
    r"envoy[eé]e? sp[eé]ciale?|correspondante?|journaliste|giornalista|inviat[oa]|corrispondente|verslaggever|"
    r"redacteur|chef\w*|leiter(?:in)?|chief|head|director|volont[aä]r(?:in)?|praktikant(?:in)?|freelance\w*|"
    r"dziennikarz|dziennikarka|redaktor(?:ka)?|toimittaja|muhabir\w*|edit[oö]r\w*|корреспондент|обозреватель|журналист|"
    r"obozrevatel|photographer|fotograf(?:in)?|correspondent|commentator|expert|fellow|analysis|opinion)\b",
    re.IGNORECASE,
)
_DENSE_JOB = re.compile(
    r"\s*(?:記者|特派員|編集委員|論説委員|支局長|记者|记者|通讯员|기자|특파원|논설위원|선임기자|인턴|칼럼니스트|객원기자|앵커)(?:\s*=.*)?$"
)
# "Seoul=": the place that a report comes from.
_DATELINE = re.compile(r"^[^=＝]{1,20}[=＝]\s?")
# A job in a line of its own below the name.
_JOB_BELOW = re.compile(r"\n(?=(?:記者|记者|기자|특파원|선임기자|인턴기자)(?:\s|$))")
_AT_PLACE = re.compile(r"\s+(?:in|aus|of|for|from|at|à|für|i|fra|från)\s+(?=[A-ZÀ-Þ]).*$")
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq|cfa)\.?$", re.IGNORECASE)

# Words of buttons and labels near bylines: a piece that has one is not a name.
_NO_NAME = re.compile(
    r"\b(?:share|comments?|follow|read|min|minutes?|hours?|ago|updated?|published|posted|subscribe|newsletter|more|"
    r"view|profile|bio|email|contact|print|save|listen|watch|photos?|image|video|today|yesterday|edited|about|see|all|"
    r"articles?|posts?|stories|latest|social|links?|navigation|advertising|telephone|menu|home|exclusive|sponsored|advertisement|copyright|follow|us|page|link|copy|"
    r"kommentare?|teilen|folgen|merken|lesezeit|aktualisiert|veröffentlicht|uhr|stand|artikel|mehr|alle|anzeige|drucken|"
    r"publi[eé]e?|modifi[eé]e?|mis à jour|partager|commentaires?|lecture|lire|publicado|actualizado|compartir|"
    r"comentarios?|guardar|leer|seguir|publicad[oa]|atualizad[oa]|compartilhar|pubblicato|aggiornato|condividi|"
    r"publiceret|publisert|publicerad|oppdatert|opdateret|uppdaterad|lytt|opublikowano|aktualizacja|"
    r"güncelleme|giriş|paylaş|yayınlanma|опубликовано|обновлено|null|undefined|unknown|none)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\S*\d")
_TWO_WORDS = re.compile(r"\w[\w.'’-]*\s+\w[\w.'’-]*\s")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_UNSPACED_NAME = re.compile(
    r"[\uac00-\ud7af]{2,4}$|[\u3400-\u9fff々]{1,4}[ \u3000]?[\u3400-\u9fff々\u3040-\u30ff]{1,5}$|"
    r"[\u30a0-\u30ff]+(?:[・=＝ ][\u30a0-\u30ff]+)*$"
)
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "ben",
        "abu",
        "bint",
        "zu",
        "zur",
        "zum",
        "af",
        "av",
        "y",
        "e",
        "i",
        "o'",
        "ter",
        "ten",
        "vom",
        "te",
        "op",
        "het",
        "st",
        "san",
        "dalla",
        "degli",
        "lo",
        "los",
        "las",
    ]
)
_LONGEST_LINE = 2_000
_LONGEST_NAME = 60
_MOST_WORDS = 6


def read_names(
    line: str, outlet: frozenset[str] = frozenset(), *, is_name: bool = False
) -> tuple[Byline, ...]:
    """The names in `line`, in order, each once; line breaks in it part names.

    `outlet` holds the folded names of the page's own publication, which is never a person. Where the
    page says that the line is a name (`is_name`), it may be in lower case.
    """
    found: dict[str, Byline] = {}
    line = _JOB_BELOW.sub(" ", line[:_LONGEST_LINE])
    for role, text, labelled in _labelled(line):
        for name, has_job in _pieces(text):
            if is_organisation(name, outlet):
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
    for part in _BREAK.split(_PARENTHESES.sub(" ", text)):
        if not (part and parts and _SUFFIX.match(part.strip())):
            parts.extend(_weakly_split(part or ""))
    for part in (*parts, *aside):
        if name := _trimmed(part):
            yield name, _DENSE_JOB.search(part) is not None


def _weakly_split(part: str) -> list[str]:
    sides = _WEAK_BREAK.split(part)
    whole = all(len(side.split()) > 1 for side in sides)
    return sides if whole else [part]


def _trimmed(part: str) -> str:
    """The name in `part`, without rank, job, place and what follows a figure."""
    name = clean(part).strip(" .:;,-–—*\"'“”«»=＝")
    name = _DENSE_JOB.sub("", _DATELINE.sub("", name))
    end = _FIGURE.search(name) or (_NO_NAME.search(name) if _TWO_WORDS.match(name) else None)
    if end and not is_organisation(name):
        name = name[: end.start()]
    name = _AT_PLACE.sub("", _RANK.sub("", name))
    return name.strip(" .:;,-–—")


def _is_person(name: str, *, is_name: bool, is_signed: bool) -> bool:
    """Whether `name` may be a person's. Without a page's word for it, one word alone is not believed."""
    if not 2 <= len(name) <= _LONGEST_NAME or _NO_NAME.search(name) or _JOB.search(name):
        return False
    if _UNSPACED.search(name):
        return is_signed and _UNSPACED_NAME.match(name) is not None
    words = name.split()
    if len(words) > _MOST_WORDS or not all(ch.isalpha() or ch in " .'’ʼ-‐" for ch in name):
        return False
    if is_name:
        return True
    return len(words) > 1 and all(not word[0].islower() or word.lower() in _PARTICLES for word in words)


def _without_places(names: tuple[Byline, ...]) -> tuple[Byline, ...]:
    """Single words beside whole names are places and sections: "Jane Doe, Oslo"."""
    whole = any(" " in b.name and b.role is not Role.AGENCY for b in names)
    return tuple(
        b for b in names if not whole or b.role is Role.AGENCY or " " in b.name or _UNSPACED.search(b.name)
    )
