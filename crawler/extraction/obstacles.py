"""What a site shows instead of a page: a robot check, an age gate, a notice, a way on to another address."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from crawler.extraction.clues import Clues
from crawler.extraction.text import chunks, visible_text

# Reason, and how its title, heading or first lines say it.
OBSTACLES = tuple(
    (reason, re.compile("|".join(ways), re.IGNORECASE))
    for reason, ways in {
        "a check for robots": (
            r"just a moment|are you (?:a |not a )?(?:human|robot)|not a robot|checking your browser|captcha",
            r"verify(?:ing)? (?:that )?you are|security check|attention required|unusual traffic",
            r"access denied|pardon our interruption|request (?:blocked|unsuccessful)",
            r"einen moment,? bitte|kein roboter|sicherheits(?:überprüfung|prüfung|check)",
            r"un instant|(?:pas|êtes) un robot|no eres un robot|un momento|verifica que eres",
            r"non sei un robot|não é um robô|jestem robotem|geen robot|вы не робот|проверка браузера",
            r"ロボットではありません|安全验证|人机验证|로봇이 아닙니다|لست روبوت",
        ),
        "an age gate": (
            r"\bage (?:check|gate|verification)|(?:over|at least|are you) (?:18|21)\b|altersprüfung",
            r"(?:über|mindestens) 18 jahre|mayor(?:es)? de (?:18|edad)|(?:plus de|moins) 18 ans|maggiorenne",
            r"maior(?:es)? de 18|18歳以上|만 ?19세|年满 ?18|старше 18|över 18 år",
        ),
        "a notice that the page has moved": (
            r"(?:page|site|article|document) (?:has |have |is |was )?(?:been )?(?:permanently )?moved",
            r"moved permanently|object moved|redirecting|(?:you|will) be(?:ing)? redirected|umgezogen",
            r"weiterleitung|weitergeleitet|redireccionando|página se ha movido|redirection en cours",
            r"déplacée?|移転しました|页面跳转|перенаправл",
        ),
        "a notice that JavaScript is needed": (
            r"(?:enable|activate|turn on|requires?|need) (?:your )?java ?script",
            r"java ?script (?:is )?(?:disabled|required)",
            r"java ?script (?:aktivieren|ist deaktiviert|einschalten)",
            r"(?:activ(?:er|ar|e|a)|abilita(?:re)?|habilit[ae]r?|aktiver|włącz) (?:el |le )?java ?script",
            r"(?:включите|schakel) java ?script|java ?scriptを?(?:有効|オン)|启用 ?java ?script",
            r"java ?script를 ?(?:활성|사용)",
        ),
    }.items()
)
# Only a page's beginning can tell that it is no page; a story may tell of anything.
FIRST_LINES, LINE_LENGTH = 6, 200

_REFRESH = etree.XPath("string(//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']/@content)")
_LEADS_ON = re.compile(r"^\s*(\d+)\s*[;,]\s*url\s*=", re.IGNORECASE)
# A page that goes on to another after some seconds is one on the way; stories renew themselves after minutes.
SOON = 10


def obstacle(clues: Clues) -> str | None:
    """What stands in the page's place, in a few words; None where nothing is seen to. For short pages."""
    refresh = _LEADS_ON.match(str(_REFRESH(clues.document.tree)))
    if refresh and int(refresh[1][:9]) <= SOON:
        return "a page that only leads on to another"
    said = _said(clues)
    return next((reason for reason, way in OBSTACLES if any(map(way.search, said))), None) or _shell(clues)


def _said(clues: Clues) -> list[str]:
    body = clues.document.tree.find("body")
    first = chunks(body)[:FIRST_LINES] if body is not None else []
    return [line[:LINE_LENGTH] for line in (clues.document.title, *first)]


def _shell(clues: Clues) -> str | None:
    """A page without any text, that a script would fill; its word to those without has the script's name."""
    body = clues.document.tree.find("body")
    if body is None or visible_text(body):
        return None
    words: Iterable[str] = ("".join(element.itertext()) for element in body.iter("noscript"))
    return "a page that only JavaScript fills" if any("javascript" in w.lower() for w in words) else None
