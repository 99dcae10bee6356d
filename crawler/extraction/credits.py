"""What a picture shows, parted from who made it: one text in, caption and credit out. Pure.

Publishers run both together in a hundred forms: "(©Agency by Name)", "Foto: Name", "| AP", "撮影・名前".
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.extraction.text import any_of, clean

# What is written before a credit. With a colon it may stand anywhere.
_LABELS = any_of(
    r"""
    photos?(?:graphs?|graph(?:er|y|ie))?, photographe, pictures?, pics?, images?, stills?, illustrations?,
    graphics?, artwork, screen ?(?:shots?|grabs?), videos?,
    (?:photo|image|picture|media|video|illustration) (?:credits?|source), (?:photo|image|picture) courtesy,
    credits?, copyright, courtesy, source, fotos?, foto ?credits?, fotograf(?:ie|in|en|i|ía|ías|ia|as?)?,
    (?:symbol|archiv)(?:bild|foto), bild(?:er)?, bild(?:quelle|nachweis|rechte), quelle, grafik, montage,
    collage, illustration, cr[eé]dit(?:o|s|os)?(?: photo)?, imagen, imagem, immagine, immagini, fuente,
    fonte, kuva(?:t|aja)?, valokuva, zdj[eę]cie, fot, źródło, autor, arkiv(?:foto|bild)?, foto[gğ]raf,
    kaynak, arşiv, isithombe, фото, источник, иллюстрация, коллаж, скриншот, джерело, колаж, снимк[аи],
    写真, 撮影, 提供, 画像, 図, 摄影, 攝影, 图, 圖, 来源, 사진, 제공, 출처, صورة, تصوير, المصدر, फोटो
    """
)
# Without a colon, only these, and only at a break: "Photo by", "Foto Name".
_BY_LABELS = any_of(
    r"""
    (?:photos?|photographs?|pictures?|images?|video|still) (?:by|of|from|via|courtesy of),
    (?:illustrations?|graphics?) (?:by|of|from|via|courtesy of),
    (?:photos?|pictures?|images?) (?:provided|supplied|taken) by, photo(?:graph)? courtesy,
    courtesy(?: of)?, via, credits?, copyright, fotos? (?:von|de|di|af|av), bild(?:er)? von,
    photo (?:de|par), cr[eé]dit(?:o|s)?(?: photo)?, foto, фото, 写真, 撮影, 提供
    """
)
_WITH_COLON = re.compile(
    rf"(?<![^\W_])(?:{_LABELS})\s?(?:\[\w\]|\(\w\))?\s?[:：／・=＝]\s?|"
    r"^(?:image|media|photo) source,\s|(?<![^\W_])(?:fot|foto|phot?|photo|ill|img)\.\s(?=\S)",
    re.IGNORECASE,
)
_WITHOUT_COLON = re.compile(
    rf"(?:^|[.!?…。»”\"')|–—\-:]\s{{1,3}}|\s\|\s?|\n)(?:{_BY_LABELS})\s(?=\S)", re.IGNORECASE
)
_SIGN = re.compile(r"[©ⓒ℗]|\(c\)\s(?=[A-Z0-9])|(?:^|[.!?]\s)(?:Copyright|All rights reserved)\b")

# Who sells and sends pictures. Alone at the end of a text they are its credit.
_SUPPLIERS = any_of(
    r"""
    Getty(?: Images)?, AFP, Agence France-Presse, AP(?: Photo| Images)?, Associated Press,
    The Associated Press, Reuters, REUTERS, dpa, DPA, EPA(?:-EFE|-Yonhap)?, EFE,
    PA(?: Wire| Images| Media)?, Press Association, IMAGO, imago(?: images)?, picture[ -]alliance,
    Shutterstock, iStock(?:photo)?, Alamy, Adobe ?Stock, Unsplash, Pexels, Pixabay, Depositphotos,
    Dreamstime, Freepik, NTB(?: Scanpix)?, TT(?: Nyhetsbyrån)?, Scanpix, Ritzau(?: Scanpix)?, Bildbyrån,
    Keystone(?:-SDA)?, APA, Lehtikuva, ANSA, Ansa, LaPresse, Xinhua, Kyodo(?: News)?, Jiji(?: Press)?,
    Yonhap, NEWSIS, Anadolu(?: Agency| Images)?, DHA, İHA, AA, SOPA Images, Bloomberg, Magnum(?: Photos)?,
    Rex(?: Features)?, WireImage, FilmMagic, NurPhoto, ZUMA(?: Press)?, TASS, ТАСС, РИА Новости, UPI, CP,
    The Canadian Press, Europa Press, Agencia Brasil, Wikimedia(?: Commons)?, Wikipedia, Flickr,
    CC[ -]BY[\w .-]*, Public Domain, Handout, HANDOUT, Supplied, Screengrab, Screenshot, File [Pp]hoto,
    Instagram, Facebook, Twitter, YouTube, TikTok, NASA, ESA, Privat, privat, Archiv, 共同(?:通信)?,
    時事(?:通信)?, ロイター, 新华社, 新華社, 視覺中國, 视觉中国, 연합뉴스, 뉴시스, 뉴스1, 한국일보,
    자료사진, 게티이미지\w*, 로이터, 본사DB
    """
)
_SUPPLIER = re.compile(rf"(?<![^\W_])(?:{_SUPPLIERS})(?![^\W_])")
_SUPPLIER_ALONE = re.compile(_SUPPLIERS, re.IGNORECASE)
# "… . AFP", "… – Getty Images/iStock", "… | Name / Reuters": after a break, to the end.
_SUPPLIER_AT_END = re.compile(
    r"(?:[.!?…。»”\"')]\s+|[.!?…](?=[A-ZÀ-Þ])|\s[|–—-]\s|\s\|\s?|다\.?\s+)"
    rf"((?:[^.!?|–—]{{0,40}}[/,·(]\s?)?(?:{_SUPPLIERS})(?![^\W_])[^.!?|]{{0,40}})$"
)
_LAST_PIPE = re.compile(r"\s\|\s?([^|]{2,60})$")
# "… / Name"
_LAST_SLASH = re.compile(r"\s[/／]\s([^/／.!?。]{2,40})$")
_BRACKETS = re.compile(r"\s?[(（\[【〔]([^()（）\[\]【】〔〕]{1,160})[)）\]】〕]?\s*[.。]?$")
_MADE_BY = re.compile(
    r"^(?:by|von|par|por|di|af|av|door)\s|\bby\s[A-Z]|撮影|提供|写真|摄|攝|제공|사진|기자|[\w.]/\s?[A-Z]",
    re.ASCII,
)
_STARTS_WITH_BY = re.compile(rf"(?:{_BY_LABELS})\s", re.IGNORECASE)
# "＝山田太郎撮影", "(…) 홍길동 기자"
_DENSE_END = re.compile(
    r"[＝=、，／]\s?([^＝=、，。／]{1,30}(?:撮影|提供|写真)|(?:共同|時事|ロイター|AP|AFP|新華社)[^＝=、，。／]{0,6})[。]?$|"
    r"(?<=[.다음됨임])\s+([가-힣]{2,4}\s?(?:선임|인턴)?기자(?:\s\S{1,40})?|\S{1,15}\s?제공|공동취재단|사진공동취재단|"
    r"국회사진기자단)$"
)
# "Dovilės Raštikytės nuotr.": languages that put the label behind the name.
_LABEL_BEHIND = re.compile(
    r"(?:^|[.!?…»”“\"')]\s+|\s[|–—/-]\s)([^.!?|–—]{2,60}?)\s(?:nuotr\.|nuotrauka|nuotraukos|felvétele|fotója|fotoğrafı)\.?$",
    re.IGNORECASE,
)
_BREAK_BEFORE = re.compile(r"[.!?…。»”\"')|–—\-:\s]*")
_BREAK_AT_END = re.compile(r"[.!?…。»”\"')|–—\-:\n]\s*$")
# What stays of a label, a sign or a bracket around a credit.
_LEADING = re.compile(
    rf"^(?:[\s.,:;|/／–—•·*=＝・-]|[©ⓒ℗]|\(c\)|(?:{_LABELS})\s?(?:\[\w\]|\(\w\))?\s?[:：/／・](?!/)|"
    rf"(?:{_BY_LABELS})\s(?=\S)|(?:fot|foto|phot?|photo|ill|img)\.\s|by\s|von\s(?=[A-Z]))+",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(
    r"copyright|credits?|photos?|fotos?|images?|bild|pictures?|sources?|quelle|fuente|fonte", re.IGNORECASE
)
# Full-width letters and figures.
_WIDE = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_PAIRS = {"(": ")", "（": "）", "[": "]", "【": "】"}

_LONGEST_CREDIT = 140
_LONGEST_TEXT = 5_000


def part_credit(text: str) -> tuple[str, str]:
    """`text` as (caption, credit), either of them ``""`` where there is none."""
    return _parted(text[:_LONGEST_TEXT])


@lru_cache(maxsize=256)  # a picture's words are asked for several times
def _parted(text: str) -> tuple[str, str]:
    text = clean(text).translate(_WIDE).rstrip(" |–—-·•")
    for way in (_bracketed, _dense, _labelled, _labelled_behind, _supplied):
        parted = way(text)
        if parted is not None:
            caption, credit = parted
            return caption.strip(" |–—-,;:/=＝・"), credit_line(credit)
    return text, ""


def credit_line(text: str) -> str:
    """A credit without its label, sign and brackets: "Sankei by Name" of "(©Sankei by Name)"."""
    text = clean(text)
    while text and _PAIRS.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    text = _LEADING.sub("", text).strip(" .,;:|–—-")
    if _LABEL_ALONE.fullmatch(text):
        return ""
    for opening, closing in _PAIRS.items():
        if text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip()
    return text


def is_credit(text: str) -> bool:
    """Whether all of `text` reads as a credit."""
    return len(text) <= _LONGEST_CREDIT and part_credit(text)[0] == ""


def _bracketed(text: str) -> tuple[str, str] | None:
    """In brackets at the end, where what they hold has a label, a sign, a supplier or an author."""
    bracket = _BRACKETS.search(text, max(0, len(text) - _LONGEST_CREDIT - 30))
    if bracket is None:
        return None
    inner = bracket[1]
    if _SUPPLIER_ALONE.fullmatch(inner):
        return text[: bracket.start()], inner
    marked = (
        _WITH_COLON.match(inner) or _SIGN.search(inner) or _SUPPLIER.search(inner) or _MADE_BY.search(inner)
    )
    labelled = _STARTS_WITH_BY.match(inner)
    if not (marked or labelled) or len(inner) > _LONGEST_CREDIT:
        return None
    before = text[: bracket.start()]
    parted = _labelled(before) if before else None
    return (parted[0], f"{parted[1]} ({inner})") if parted and parted[1] else (before, inner)


def _dense(text: str) -> tuple[str, str] | None:
    end = _DENSE_END.search(text, max(0, len(text) - 80))
    return (text[: end.start()], end[1] or end[2]) if end else None


def _labelled(text: str) -> tuple[str, str] | None:
    """From a label or a sign on, where what follows is short."""
    for pattern in (_SIGN, _WITH_COLON, _WITHOUT_COLON):
        for label in pattern.finditer(text):
            start = label.start() + len(_BREAK_BEFORE.match(label[0])[0])  # type: ignore[index]
            caption, credit = text[:start], text[start:]
            is_word = credit[:1].islower() and credit[:1].isascii() and pattern is _WITH_COLON
            if is_word and caption and not _BREAK_AT_END.search(caption):
                continue  # "the source: a river"
            if len(credit) <= _LONGEST_CREDIT and credit_line(credit):
                return caption, credit
    return None


def _labelled_behind(text: str) -> tuple[str, str] | None:
    end = _LABEL_BEHIND.search(text, max(0, len(text) - _LONGEST_CREDIT))
    return (text[: end.start(1)], end[1]) if end else None


def _supplied(text: str) -> tuple[str, str] | None:
    """A supplier's name at the end, or a text that is nothing else."""
    whole = _SUPPLIER.match(text)
    if whole and len(text) <= len(whole[0]) + 45 and not text.endswith("."):
        return "", text
    end = _SUPPLIER_AT_END.search(text, max(0, len(text) - _LONGEST_CREDIT))
    if end:
        return text[: end.start(1)], end[1]
    pipe = _LAST_PIPE.search(text)
    if pipe and (_SUPPLIER.search(pipe[1]) or "/" in pipe[1]):
        return text[: pipe.start()], pipe[1]
    slash = _LAST_SLASH.search(text)
    if slash and 2 * len(slash[1]) <= len(text) and not slash[1][0].islower():
        return text[: slash.start()], slash[1]
    if "/" in text and len(text) <= 60 and _SUPPLIER.search(text):
        return "", text
    return None
