"""Who signs news without being a person: agencies, desks, newsrooms, outlets."""

from __future__ import annotations

import re

from crawler.extraction.text import fold

# News agencies as they sign, in any case.
_NAMES = """
AAP; AA; AFP; Agence France-Presse; Agencia EFE; Agência Brasil; Agência Lusa; Agenzia ANSA; AGI; AKI; Adnkronos;
Ajans; Anadolu; Anadolu Ajansı; Anadolu Agency; ANI; ANP; ANSA; Antara; AP; AP News; APA; APTN; Associated Press;
Australian Associated Press; Austria Presse Agentur; Belga; Belga News Agency; Bernama; Bloomberg; BTA; Canadian Press;
CNN Wire; CTK; ČTK; Czech News Agency; Demirören Haber Ajansı; Deutsche Presse-Agentur; DHA; dpa; dpa-AFX;
dpa-infocom; dts; dts Nachrichtenagentur; EFE; epd; Europa Press; Evangelischer Pressedienst; FNA; GNA; HINA; IANS;
İHA; IHA; Interfax; IRNA; ITAR-TASS; Jiji; Jiji Press; JTA; Katholische Nachrichten-Agentur; Keystone-SDA; KNA; KUNA;
Kyodo; Kyodo News; LaPresse; LETA; LUSA; MTI; NAN; NNA; Notimex; NTB; NTB-AFP; PA; PA Media; PAP; Press Association;
Press Trust of India; PTI; Reuters; Reuters Staff; RIA Novosti; RIA; Ritzau; SANA; SAPA; SDA; SID; SITA; SPA; STA; STT;
TANJUG; TASR; TASS; Télam; The Associated Press; The Canadian Press; Thomson Reuters; TT; TT Nyhetsbyrån; UKRINFORM;
UNI; UPI; WAFA; WAM; Xinhua; Yonhap; ZUMA Press; ТАСС; РИА Новости; Интерфакс; Укринформ; Укрінформ; 共同通信; 共同;
時事通信; 時事; 新华社; 新華社; 中新社; 中央社; 연합뉴스; 뉴시스; 뉴스1; ロイター; AP通信; AFP通信; وكالات; رويترز;
أ ف ب; Redazione; Redacción; Rédaction; Redaktion; Agencias; Agencies; Agence; Agenturen; Agentur
"""
_FOLDED = frozenset(fold(name) for name in _NAMES.replace("\n", " ").split(";"))

# Words that only organisations carry in their names.
_WORDS = re.compile(
    r"\b(?:redaktion\w*|redacci[oó]n|r[eé]daction|redazione|redac[cç][aã]o|redactie|redaksjon\w*|redaktionen|redakcja|"
    r"redakce|toimitus|editorial|editors|editorial board|newsroom|news ?desk|desk|staff|team|agency|agencies|agentur\w*|"
    r"agencia|agence|agenzia|ajans\w*|presse\w*|press|media|news|nachrichten\w*|newspaper|zeitung|magazin|magazine|"
    r"journal|times|post|herald|tribune|gazette|guardian|telegraph|observer|radio|tv|television|channel|network|"
    r"service|services|wire|correspondents|reporters|writers|contributors|webdesk|bureau|online|digital|gmbh|ltd|inc|"
    r"llc|university|institute|foundation|ministry|council|association|haber\w*|gazetesi|служба|редакция|редакція|"
    r"новости|агентство|администратор|admin|administrator|guest author|gastautor|advertorial|pressemitteilung)\b",
    re.IGNORECASE,
)
_DENSE = re.compile(
    r"(?:新聞|新闻|通信|通讯|編集部|编辑部|取材班|社会部|政治部|経済部|報道部|オンライン|デジタル|ニュース|日报|日報|"
    r"放送|电视台|電視|網|网|신문|일보|뉴스|방송|통신|편집국|취재팀|경제|닷컴|社|局|部|班)$"
)
_HOST = re.compile(r"^(?:https?://)?(?:[\w-]+\.)+[a-z]{2,10}/?$", re.IGNORECASE)


def is_agency(name: str, outlet: frozenset[str] = frozenset()) -> bool:
    """Whether `name` is a news agency's, or the publication's own."""
    return fold(name) in _FOLDED or fold(name) in outlet


def is_organisation(name: str, outlet: frozenset[str] = frozenset()) -> bool:
    """Whether `name` is no person's; `outlet` holds the folded names of the page's own publication."""
    if is_agency(name, outlet) or _HOST.match(name):
        return True
    if _WORDS.search(name) or _DENSE.search(name):
        return True
    parts = re.split(r"[/+&,]|\s-\s", name)
    return len(parts) > 1 and all(is_agency(part, outlet) for part in parts)
