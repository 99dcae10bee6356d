"""What a page's address says of the page: a home page, a list, the site's own affairs. Pure."""

from __future__ import annotations

import re
from enum import Enum
from urllib.parse import parse_qsl, urlsplit

from crawler.extraction.text import word_set

# First or only words of paths that lead to lists and forms.
LISTING_SEGMENTS = word_set(
    "account archiv archive archives auteur auteurs author authors autor autore autoren autores busca "
    "buscador buscar categoria categorie category editions etiqueta haku hledat jobs kategorie keyword "
    "konto label login page people profil profile recherche register registrieren ricerca rubrik "
    "schlagwort search section sections series signin sitemap sok stellenmarkt stichwort suche suchen "
    "szukaj tag tags tema temas thema themen topic topics videos"
)
QUERY_KEYS = word_set("q query s search suche")

# Last words of paths that lead to what a site says of itself and sells.
SERVICE_SEGMENTS = word_set(
    "about about-us abo abonnement abonnements abonnieren abos ads advertise advertising agb aviso-legal "
    "accessibility bolletino careers chi-siamo colophon condiciones-de-uso condizioni contact contact-us "
    "contacto contactos contatti contato cookie-policy cookies datenschutz datenschutzerklaerung disclaimer "
    "faq haftungsausschluss hilfe help imprint impressum informativa-privacy karriere kontakt kontakte "
    "kundenservice legal legal-notice masthead mediadaten mentions-legales mot-de-passe newsletter "
    "newsletters nutzungsbedingungen offers om-oss om-os ota-yhteytta password personuppgifter plans "
    "politica-de-privacidad politique-de-confidentialite privacidad privacy privacy-notice privacy-policy "
    "privacybeleid qui-sommes-nous quienes-somos rules shop sobre-nosotros store subscribe subscription "
    "subscriptions subscripcion suscribete suscripcion suscripciones team terms terms-and-conditions "
    "terms-of-service terms-of-use tietosuoja ueber-uns uber-uns voorwaarden warenkorb cart checkout"
)

_HOME = re.compile(r"(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:index\.\w{3,5}|home)?", re.IGNORECASE)
_ENDING = re.compile(r"\.\w{1,5}$")
# A name of so many words is a story's, whatever its folder is called: "/videos/how-the-old-pier-fell".
STORY_HYPHENS = 4
_MAX_QUERY = 2000


class Place(Enum):
    """Where on a site an address leads to."""

    HOME = "home"
    LIST = "list"
    SERVICE = "service"
    OTHER = "other"


def place(url: str) -> Place:
    """Where `url` leads to, as far as its words tell; never raises."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Place.OTHER
    if not parts.query and _HOME.fullmatch(parts.path.strip("/")):
        return Place.HOME
    segments = [_ENDING.sub("", segment).lower() for segment in parts.path.split("/") if segment]
    if segments and segments[-1].replace("_", "-") in SERVICE_SEGMENTS:
        return Place.SERVICE
    asked = {key.lower() for key, _ in parse_qsl(parts.query[:_MAX_QUERY])} & QUERY_KEYS
    named = any(segment in LISTING_SEGMENTS for segment in segments[-3:])
    is_story = bool(segments) and segments[-1].count("-") >= STORY_HYPHENS
    # "/tag/storms", "/news/author/jane-doe", "/suche?q=…"
    is_list = (named and not is_story) or (bool(asked) and len(segments) < 2)
    return Place.LIST if is_list else Place.OTHER
