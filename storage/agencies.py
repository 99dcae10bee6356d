"""Which news agency a text says it is from. Pure.

Three places say so: a byline, a dateline ("MERROWBY (Norwind) - ", "【ワシントン共同】")
and a last line that is nothing but the name. A picture's credit says nothing about the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from storage.words import fold

# An agency as it is called most, and how else it signs. The archive's readers group by the first.
NAMES = """
AAP: Australian Associated Press
AFP: Agence France-Presse, AFP通信, أ ف ب, فرانس برس
Adnkronos:
AGI: Agenzia Italia
Anadolu: Anadolu Agency, Anadolu Ajansı
ANI: Asian News International
ANP: Algemeen Nederlands Persbureau
ANSA: Agenzia ANSA
Antara: Antara News
AP: Associated Press, The Associated Press, AP News, AP通信
APA: Austria Presse Agentur
Agência Brasil:
Agerpres:
Belga: Belga News Agency
Bernama:
BTA: Bulgarian News Agency
The Canadian Press: Canadian Press, La Presse canadienne
ČTK: CTK, Czech News Agency
DHA: Demirören Haber Ajansı
dpa: Deutsche Presse-Agentur, dpa-AFX, dpa-infocom, dpa/lnw, dpa/lby
dts: dts Nachrichtenagentur
EFE: Agencia EFE
epd: Evangelischer Pressedienst
Europa Press:
HINA:
IANS: Indo-Asian News Service
İHA: IHA, İhlas Haber Ajansı
Interfax: Интерфакс
IRNA:
Jiji Press: Jiji, 時事通信, 時事
KNA: Katholische Nachrichten-Agentur
Keystone-SDA: SDA, Keystone-ATS
KUNA:
Kyodo: Kyodo News, 共同通信, 共同
LUSA: Agência Lusa
MTI:
Notimex:
NTB:
PA Media: Press Association, PA
PAP: Polska Agencja Prasowa
PTI: Press Trust of India
Reuters: Thomson Reuters, Reuters Staff, ロイター, رويترز
RIA Novosti: РИА Новости
Ritzau:
STT:
TASS: ITAR-TASS, ТАСС
Télam:
TT: TT Nyhetsbyrån
Ukrinform: Укрінформ, Укринформ
UPI: United Press International
WAFA:
Xinhua: Xinhua News Agency, 新华社, 新華社
Yonhap: Yonhap News, Yonhap News Agency, 연합뉴스
中央社: CNA Taiwan
中新社: China News Service
"""
# Each way to sign, and the agency's name that it stands for.
ALIASES = {
    alias.strip(): name.strip()
    for name, _, others in (line.partition(":") for line in NAMES.strip().splitlines())
    for alias in (name, *others.split(","))
    if alias.strip()
}
KNOWN = {fold(alias): name for alias, name in ALIASES.items()}

# A place, often a day, the agency in parentheses and a dash: how copy of an agency has begun for a century.
DATELINE = re.compile(r"\A([^\n()]{0,60})\(([^()\n=]{2,40})\)\s*[-–—]")
# East Asian: 【ワシントン共同】, [東京 3日 ロイター], (서울=연합뉴스), 新华社北京3月2日电.
BRACKETED = re.compile(r"\A\s*[【\[（(]([^】\]）)\n]{2,40})[】\]）)]")
LEADING = re.compile(r"\A(新华社|新華社|中新社)")
# The whole last line, but for brackets, a dash and a word such as "Source:".
SIGNED = re.compile(r"(?:\A|\n)[\s(\[（–—©-]*(?:\w{2,10}:\s*)?([^\n()\[\]:]{2,40}?)[\s)\]）.]*\Z")
BETWEEN = re.compile(r"\s*(?:[/,&+]|\band\b|\bund\b|\bet\b|\by\b)\s*")
HEAD, TAIL = 140, 80  # characters of the body in which they stand


def known(name: str) -> str | None:
    """The news agency of that name as it is called most, or None."""
    return KNOWN.get(fold(name.strip()))


def named(bylines: Iterable[str], head: str, tail: str) -> str | None:
    """The agency that a text says it is from, or all where it has several.

    `bylines` are the organisations that sign it, `head` and `tail` its first and last characters.
    """
    found = {agency for name in bylines for part in BETWEEN.split(name) if (agency := known(part))}
    found.update(_in_dateline(head), _signed(tail))
    return ", ".join(sorted(found)) or None


def _in_dateline(head: str) -> Iterator[str]:
    if dateline := DATELINE.match(head):
        place, signed = dateline.groups()
        names = [agency for name in BETWEEN.split(signed) if (agency := known(name))]
        # A party or an age may stand there, too; a place in capitals and a dash are an agency's way to begin.
        if not names and place.isupper() and signed[0].isupper():
            names = [signed.strip()]
        yield from names
    elif bracketed := BRACKETED.match(head):
        yield from _ending(bracketed[1])
    elif leading := LEADING.match(head):
        yield KNOWN[fold(leading[1])]


def _ending(text: str) -> Iterator[str]:
    """The known agency with whose name `text` ends: "ワシントン共同", "서울=연합뉴스"."""
    folded = fold(text.strip())
    endings = [alias for alias in KNOWN if folded.endswith(alias) and (len(alias) > 3 or not alias.isascii())]
    if endings:
        yield KNOWN[max(endings, key=len)]


def _signed(tail: str) -> Iterator[str]:
    if signed := SIGNED.search(tail):
        names = [known(name) for name in BETWEEN.split(signed[1])]
        if all(names):
            yield from (name for name in names if name)
