"""Who signs news without being a person: agencies, desks, newsrooms, outlets."""

from __future__ import annotations

import re

from crawler.extraction.text import any_of, fold, whole_words
from storage.agencies import ALIASES

# Beside the news agencies that the archive knows: picture agencies, other services, what stands for them.
_OTHERS = """
AA, AKI, Ajans, APTN, Bloomberg, CNN Wire, EPA, FNA, Getty Images, GNA, Imago, JTA, LaPresse, LETA, NAN,
NNA, NTB-AFP, picture alliance, RIA, SANA, SAPA, Shutterstock, SID, SITA, SPA, STA, TANJUG, TASR, UNI, WAM,
ZUMA Press, 뉴시스, 뉴스1, وكالات, Redazione, Redacción, Rédaction, Redaktion, Agencias, Agencies, Agence,
Agenturen, Agentur
"""
_FOLDED = frozenset(fold(name) for name in (*ALIASES, *_OTHERS.split(",")))

# Words that only organisations carry in their names.
_WORDS = whole_words(
    r"""
    redaktion\w*, redacci[oó]n, r[eé]daction, redazione, redac[cç][aã]o, redactie, redaksjon\w*, redakcja,
    redakce, toimitus, editorial, editors, newsroom, news ?desk, desk, staff, team, agency, agencies,
    agentur\w*, agencia, agence, agenzia, ajans\w*, presse(?:agentur|amt|dienst|portal|stelle)?, press,
    media, news, nachrichten\w*, newspaper, zeitung, magazin, magazine, journal, times, post, herald,
    tribune, gazette, guardian, telegraph, observer, radio, tv, television, channel, network, service,
    services, wire, correspondents, reporters, writers, contributors, webdesk, bureau, online, digital,
    gmbh, ltd, inc, llc, university, institute, foundation, ministry, council, association, haber\w*,
    gazetesi, служба, редакция, редакція, новости, агентство, администратор, admin, administrator,
    guest author, gastautor, advertorial, pressemitteilung
    """
)
# … and endings, in scripts that put no blanks between words.
_ENDINGS = any_of(
    """
    新聞, 新闻, 通信, 通讯, 編集部, 编辑部, 取材班, 社会部, 政治部, 経済部, 報道部, オンライン, デジタル,
    ニュース, 日报, 日報, 放送, 电视台, 電視, 網, 网, 신문, 일보, 뉴스, 방송, 통신, 편집국, 취재팀, 경제,
    닷컴, 社, 局, 部, 班
    """
)
_ENDING = re.compile(rf"(?:{_ENDINGS})$")
_HOST = re.compile(r"^(?:https?://)?(?:[\w-]{1,60}\.){1,5}[a-z]{2,10}/?$", re.IGNORECASE)
_BETWEEN = re.compile(r"[/+&,]|\s-\s")


def is_agency(name: str, outlet: frozenset[str] = frozenset()) -> bool:
    """Whether `name` is a news agency's, or the publication's own (`outlet`: its names, folded)."""
    folded = fold(name)
    return folded in _FOLDED or folded in outlet


def is_organisation(name: str, outlet: frozenset[str] = frozenset()) -> bool:
    """Whether `name` is no person's."""
    if is_agency(name, outlet) or _HOST.match(name) or _WORDS.search(name) or _ENDING.search(name):
        return True
    parts = _BETWEEN.split(name)
    return len(parts) > 1 and all(is_agency(part, outlet) for part in parts)
