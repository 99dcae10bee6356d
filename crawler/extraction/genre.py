"""What kind of journalism a page is, where it marks it: by schema.org's types, or in words of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from crawler.extraction import address
from crawler.extraction.clues import Clues
from crawler.extraction.evidence import Found, Offer, first
from crawler.extraction.layout import Layout
from crawler.extraction.surroundings import FURNITURE_TAGS, ancestry
from crawler.extraction.text import fold, visible_text
from storage.records import Genre

TYPES = {
    "opinionnewsarticle": Genre.OPINION,
    "analysisnewsarticle": Genre.ANALYSIS,
    "backgroundnewsarticle": Genre.ANALYSIS,
    "reviewnewsarticle": Genre.REVIEW,
    "review": Genre.REVIEW,
    "criticreview": Genre.REVIEW,
    "mediareview": Genre.REVIEW,
    "liveblogposting": Genre.LIVE_BLOG,
    "advertisercontentarticle": Genre.ADVERTORIAL,
    "reportagenewsarticle": Genre.NEWS,
    "newsarticle": Genre.NEWS,
}
# What most publishers call whatever they publish says the least.
_WEAK_TYPES = ("newsarticle",)

# Words for a genre, as sections, labels and folders have them; compared whole, case and accents aside.
WORDS: dict[Genre, str] = {
    Genre.OPINION: """
        opinion, opinions, comment, commentary, commentisfree, column, columns, columnist, editorial,
        editorials, leader, letters, op-ed, oped, viewpoint, perspective, views, voices, blogs,
        meinung, kommentar, kommentare, kolumne, kolumnen, leitartikel, gastbeitrag, leserbriefe, debatte,
        opinión, columna, columnas, tribuna, opinião, coluna, colunas, opinione, opinioni, commenti,
        commento, editoriale, opinions, débats, idées, éditorial, chronique, chroniques, tribunes,
        opinie, mening, meninger, meningar, leder, ledare, debatt, debat, kronikk, ytring, mielipide,
        kolumni, pääkirjoitus, opinie, komentarz, komentáře, názory, komentarai, vélemény, publicisztika,
        görüş, köşe yazıları, yazarlar, мнения, мнение, колонка, думки, колонки, γνώμη, απόψεις,
        社説, オピニオン, コラム, 论坛, 评论, 社论, 觀點, 評論, 오피니언, 사설, 칼럼, آراء, مقالات الرأي, דעות
    """,
    Genre.ANALYSIS: """
        analysis, background, explainer, explainers, in depth, news analysis, fact check, analyse, analysen,
        hintergrund, análisis, análise, analisi, décryptage, analys, analyysi, tausta, analiza, analýza,
        elemzés, analiz, анализ, аналитика, аналітика, ανάλυση, 解説, 分析, 深度, 분석, تحليل
    """,
    Genre.REVIEW: """
        review, reviews, critic, rezension, rezensionen, kritik, test, tests, reseña, reseñas, crítica,
        críticas, recensione, recensioni, critique, critiques, recensie, recensies, recension, recensioner,
        anmeldelse, anmeldelser, arvostelu, arviot, recenzja, recenzje, recenze, kritika, рецензия,
        рецензии, κριτική, レビュー, 书评, 影评, 리뷰
    """,
    Genre.LIVE_BLOG: """
        live, liveblog, live blog, live updates, liveticker, ticker, newsticker, en vivo, en directo,
        ao vivo, minuto a minuto, in diretta, diretta, en direct, direct, liverapport, direkte, direktesport,
        livestudio, na żywo, online přenos, élő, canlı, онлайн, наживо, 直播, 실시간
    """,
    Genre.INTERVIEW: """
        interview, interviews, q&a, entrevista, entrevistas, intervista, interviste, entretien, entretiens,
        intervju, haastattelu, wywiad, rozhovor, interjú, röportaj, söyleşi, интервью, інтервʼю, συνέντευξη,
        インタビュー, 专访, 인터뷰, مقابلات
    """,
    Genre.VIDEO: """
        video, videos, vidéo, vidéos, vídeo, vídeos, videó, wideo, видео, відео, βίντεο, 動画, 视频, 영상,
        فيديو
    """,
    Genre.PODCAST: "podcast, podcasts, подкаст, подкасты, ポッドキャスト, 播客, 팟캐스트, بودكاست",
    Genre.GALLERY: """
        gallery, galleries, photo gallery, photos, pictures, in pictures, bilder, bildergalerie, fotostrecke,
        fotos, galería, galerías, fotogalería, fotogaleria, galleria, diaporama, bildspel, galeria, galerie,
        galéria, фото, фотогалерея, 写真, 图集, 포토, صور
    """,
    Genre.PRESS_RELEASE: """
        press release, press releases, pressrelease, pressemitteilung, pressemitteilungen, presseportal,
        nota de prensa, comunicado, comunicados, comunicato stampa, comunicati, communiqué, communiqués,
        pressmeddelande, pressemelding, pressemeddelelse, persbericht, tiedote, komunikat, tisková zpráva,
        sajtóközlemény, basın bülteni, пресс-релиз, プレスリリース, 新闻稿, 보도자료
    """,
    Genre.ADVERTORIAL: """
        advertorial, advertisement feature, sponsored, sponsored content, paid content, paid post,
        partner content, branded content, anzeige, annonsørinnhold, annons, publirreportaje,
        contenido patrocinado, publireportage, contenu sponsorisé, publieditorial, materiał sponsorowany,
        advertentie, reklame
    """,
    Genre.OBITUARY: """
        obituary, obituaries, nachruf, nachrufe, obituario, obituarios, obituário, necrologi, nécrologie,
        minneord, dödsfall, nekrolog, muistokirjoitus, некролог, некрологи, 訃報, 부고
    """,
}
GENRES = {fold(word): genre for genre, words in WORDS.items() for word in words.split(",")}

_META = (
    "article:type",
    "articletype",
    "content_type",
    "content-type-name",
    "parsely-type",
    "cxenseparse:articletype",
    "cxenseparse:recs:articletype",
    "dc.type",
    "dcterms.type",
    "genre",
    "og:article:type",
    "page_type",
    "sailthru.contenttype",
)
# A label stands right above the headline, or above an element that holds little else.
_LABEL_LEVELS = 2
_LONGEST_LABEL = 40
_MOST_LABELS = 8
_VIDEO_TYPES = ("video.other", "video.episode", "video.movie", "video")


def genre(clues: Clues, layout: Layout, section: str | None, breadcrumbs: tuple[str, ...]) -> Found[Genre]:
    """What the page marks itself as, also by its label, section and breadcrumbs."""
    places = list(_labels(layout))
    places += [Offer(text, "breadcrumbs") for text in reversed(breadcrumbs)]
    places += [Offer(section, "article_section")] if section else []
    places += [Offer(folder, "url") for folder in address.path(clues.document.url).split("/")[1:-1]]
    return first(_offers(clues, places))


def _labels(layout: Layout) -> Iterator[Offer[str]]:
    """What stands above the headline and says no more than a genre's name."""
    for node in ancestry(layout.headline)[:_LABEL_LEVELS] if layout.headline is not None else ():
        for above in islice(node.itersiblings(preceding=True), _MOST_LABELS):
            text = visible_text(above, limit=_LONGEST_LABEL)
            if text and above.tag not in FURNITURE_TAGS:
                yield Offer(text, "label")


def _offers(clues: Clues, places: list[Offer[str]]) -> Iterator[Offer[Genre]]:
    typed = [
        Offer(TYPES[name], f"{node.origin}:@type {name}")
        for node in clues.linked.stories
        for name in sorted(node.types & TYPES.keys())
    ]
    weak = [offer for offer in typed if offer.origin.endswith(tuple(f" {name}" for name in _WEAK_TYPES))]
    yield from (offer for offer in typed if offer not in weak)
    yield from _in_words(clues, places)
    if (clues.meta.text("og:type") or "").lower() in _VIDEO_TYPES:
        yield Offer(Genre.VIDEO, "meta:og:type")
    yield from weak


def _in_words(clues: Clues, places: list[Offer[str]]) -> Iterator[Offer[Genre]]:
    for offer in (*clues.linked.said("genre", pages=False), *clues.meta.said(*_META), *places):
        if found := GENRES.get(fold(offer.value)):
            yield Offer(found, offer.origin)
