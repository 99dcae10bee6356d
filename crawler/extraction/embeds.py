"""What a story embeds: videos, audio and social posts, each with its address, in page order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement

from crawler.extraction import address
from crawler.extraction.clues import Clues
from crawler.extraction.layout import Layout
from crawler.extraction.marks import naming
from crawler.extraction.text import visible_text, word_set
from storage.records import Block, BlockKind

VIDEO, AUDIO, POST = BlockKind.VIDEO, BlockKind.AUDIO, BlockKind.SOCIAL_POST

# Players by the address of their frame, and where what they play lives, where that can be told.
PLAYERS: tuple[tuple[re.Pattern[str], BlockKind, str | None], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind, home)
    for pattern, kind, home in (
        (
            r"//(?:www\.)?youtube(?:-nocookie)?\.com/embed/(?!videoseries|live_stream)([\w-]{6,20})",
            VIDEO,
            "https://www.youtube.com/watch?v={}",
        ),
        (r"//(?:www\.)?youtube(?:-nocookie)?\.com/embed/", VIDEO, None),
        (r"//player\.vimeo\.com/video/(\d{1,12})", VIDEO, "https://vimeo.com/{}"),
        (
            r"//(?:www\.|geo\.)?dailymotion\.com/(?:embed/video/|player/?[\w.]*\?video=)(\w{4,12})",
            VIDEO,
            "https://www.dailymotion.com/video/{}",
        ),
        (r"//(?:player|clips)\.twitch\.tv/", VIDEO, None),
        (r"//(?:players\.brightcove\.net|cdn\.jwplayer\.com/players|(?:\w+\.)?kaltura\.com/)", VIDEO, None),
        (r"//(?:www\.)?(?:rumble\.com/embed|streamable\.com/[eo]/|fast\.wistia\.net/embed)", VIDEO, None),
        (r"//(?:www\.)?facebook\.com/plugins/video", VIDEO, None),
        (r"//(?:www\.)?facebook\.com/plugins/post", POST, None),
        (
            r"//(?:www\.)?instagram\.com/(?:p|reel|tv)/([\w-]{5,20})",
            POST,
            "https://www.instagram.com/p/{}/",
        ),
        (r"//(?:www\.)?tiktok\.com/embed", VIDEO, None),
        (
            r"//platform\.(?:twitter|x)\.com/embed/.*[?&]id=(\d{5,25})",
            POST,
            "https://twitter.com/i/status/{}",
        ),
        (r"//embed\.bsky\.app/|//[\w.-]+/@[\w.-]+/\d+/embed\b|//t\.me/[\w-]+/\d+\?embed", POST, None),
        (r"//(?:open|embed)\.spotify\.com/embed", AUDIO, None),
        (r"//w\.soundcloud\.com/player|//embed\.podcasts\.apple\.com/", AUDIO, None),
        (r"//(?:embed\.acast\.com|html5-player\.libsyn\.com/embed|player\.megaphone\.fm)", AUDIO, None),
        (
            r"//(?:player\.simplecast\.com|audioboom\.com/posts/\d+|embed\.podigee\.com|widget\.spreaker)",
            AUDIO,
            None,
        ),
    )
)
# Elements that a script turns into a post, by class, and the attribute that has its address, if one does.
POSTS = {
    "twitter-tweet": None,
    "twitter-video": None,
    "instagram-media": "data-instgrm-permalink",
    "tiktok-embed": "cite",
    "fb-post": "data-href",
    "fb-video": "data-href",
    "bluesky-embed": None,
    "mastodon-embed": "data-embed-url",
    "reddit-embed-bq": None,
    "text-post-media": "data-text-post-permalink",
}
_POST_LINK = re.compile(
    r"//(?:www\.|mobile\.)?(?:(?:twitter|x)\.com/\w{1,20}/status(?:es)?/\d+|bsky\.app/profile/[^/]+/post/"
    r"|(?:instagram|threads)\.(?:com|net)/|tiktok\.com/@|facebook\.com/|reddit\.com/r/)",
    re.IGNORECASE,
)
# Elements of players that need no frame, the attribute with the name of what they play, and where it lives.
NAMED_PLAYERS = {
    "amp-youtube": ("data-videoid", VIDEO, "https://www.youtube.com/watch?v={}"),
    "lite-youtube": ("videoid", VIDEO, "https://www.youtube.com/watch?v={}"),
    "amp-vimeo": ("data-videoid", VIDEO, "https://vimeo.com/{}"),
    "amp-dailymotion": ("data-videoid", VIDEO, "https://www.dailymotion.com/video/{}"),
    "amp-twitter": ("data-tweetid", POST, "https://twitter.com/i/status/{}"),
    "amp-instagram": ("data-shortcode", POST, "https://www.instagram.com/p/{}/"),
    "amp-facebook": ("data-href", POST, "{}"),
    "amp-tiktok": ("data-src", VIDEO, "{}"),
}
_FRAMES = ("iframe", "amp-iframe", "embed", "object")
_MEDIA = {"video": VIDEO, "amp-video": VIDEO, "audio": AUDIO, "amp-audio": AUDIO}
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-url", "data")
_TAGS = frozenset({*_FRAMES, *_MEDIA, *NAMED_PLAYERS})
_POST_TAGS = frozenset({"blockquote", "div"})
# A voice that reads the story aloud, advertising and loops that stand for a picture are not the story's.
_NOT_STORY = naming(
    r"""
    ads? advert\w* preroll text_to_speech tts read_aloud readspeaker listen audio_?article speech vorlesen
    trinity beyondwords related teasers? promo\w* sidebar recommend\w* playlist background
    """
)
_PLACEHOLDER = re.compile(r"^(?:about:|data:|javascript:|blob:|#|$)", re.IGNORECASE)
_READ_ALOUD = re.compile(r"text-?to-?speech|read-?aloud|\btts\b", re.IGNORECASE)
_FURNITURE_TAGS = word_set("nav aside footer form")
_LEVELS = 6
_MOST = 100
_LONGEST_POST = 2_000


@dataclass(frozen=True, slots=True)
class Embed:
    """Something embedded, and the element that shows it."""

    block: Block
    element: HtmlElement


def embeds(clues: Clues, layout: Layout) -> tuple[Embed, ...]:
    """What stands between headline and end of the story, each address once, in page order.

    Where no video does, one that the page's data names comes first: it stands where the headline does.
    """
    found: dict[str, Embed] = {}
    inside: set[HtmlElement] = set()
    for element in clues.document.tagged_any(_TAGS | _POST_TAGS):
        if element in inside or not layout.is_in_story(element):
            continue
        if element.tag in _POST_TAGS and _post_name(element) is None:
            continue
        block = _block(element, clues)
        if block is None or block.url is None or block.url in found or _is_beside(element, layout):
            continue
        found[block.url] = Embed(block, element)
        inside.update(element.iter())
        if len(found) >= _MOST:
            break
    has_video = any(embed.block.kind is VIDEO for embed in found.values())
    named = None if has_video else _described_video(clues)
    top = layout.headline if layout.headline is not None else layout.story.container
    return (*([Embed(named, top)] if named else ()), *found.values())


def _described_video(clues: Clues) -> Block | None:
    """The video that the page's data calls the story's own: a player that a script draws leaves no more."""
    for story in clues.linked.stories:
        for video in story.nodes("video"):
            for key in ("embedUrl", "contentUrl", "url"):
                for text in video.texts(key):
                    if url := address.absolute(clues.document.base_url, text):
                        return Block(kind=VIDEO, text="", url=_home(url) or url)
    return None


def _block(element: HtmlElement, clues: Clues) -> Block | None:
    tag = element.tag
    if tag in NAMED_PLAYERS:
        return _named_player(element)
    if tag in _POST_TAGS:
        return _post(element, clues)
    if tag in _FRAMES:
        return _frame(element, clues)
    return _media(element, clues)


def _named_player(element: HtmlElement) -> Block | None:
    attribute, kind, home = NAMED_PLAYERS[str(element.tag)]
    name = (element.get(attribute) or "").strip()
    if not name:
        return None
    return Block(kind=kind, text="", url=name if name.startswith("https://") else home.format(name))


def _post_name(element: HtmlElement) -> str | None:
    """The class by which a script knows that it shall make a post of `element`."""
    classes = (element.get("class") or "").split()
    if POSTS.keys().isdisjoint(classes):  # nearly all
        return None
    return next(name for name in classes if name in POSTS)


def _post(element: HtmlElement, clues: Clues) -> Block | None:
    known = _post_name(element)
    if known is None:
        return None
    attribute = POSTS[known]
    said = element.get(attribute) if attribute else None
    links = (link.get("href") or "" for link in islice(element.iter("a"), 20))
    url = said or next((href for href in reversed(list(links)) if _POST_LINK.search(href)), None)
    absolute = address.absolute(clues.document.base_url, url) if url else None
    if absolute is None:
        return None
    kind = VIDEO if known.endswith("video") else POST
    return Block(kind=kind, text=visible_text(element, limit=_LONGEST_POST), url=absolute.partition("?")[0])


def _frame(element: HtmlElement, clues: Clues) -> Block | None:
    for url in _sources(element, clues):
        for pattern, kind, home in PLAYERS:
            if match := pattern.search(url):
                return Block(kind=kind, text="", url=home.format(match[1]) if home else _posted(url) or url)
    return None


def _media(element: HtmlElement, clues: Clues) -> Block | None:
    if element.get("autoplay") is not None and element.get("loop") is not None:
        return None  # a moving picture
    parts = (element, *islice(element.iter("source"), 5))
    url = next((url for part in parts for url in _sources(part, clues)), None)
    if url is None or _READ_ALOUD.search(url):
        return None
    return Block(kind=_MEDIA[str(element.tag)], text="", url=url)


def _sources(element: HtmlElement, clues: Clues) -> Iterator[str]:
    for name in _SOURCES:
        value = (element.get(name) or "").strip()
        if not _PLACEHOLDER.match(value) and (url := address.absolute(clues.document.base_url, value)):
            yield url


def _home(url: str) -> str | None:
    """Where what a player plays lives, by the address of its frame."""
    for pattern, _, home in PLAYERS:
        if home and (match := pattern.search(url)):
            return home.format(match[1])
    return None


def _posted(url: str) -> str | None:
    """The post that a frame of a social network names in its query."""
    said = parse_qs(urlsplit(url).query).get("href", [""])[0]
    return said if said.startswith(("http://", "https://")) else None


def _is_beside(element: HtmlElement, layout: Layout) -> bool:
    above = element.getparent()
    around = [
        node for node in islice((element, *element.iterancestors()), _LEVELS) if not layout.holds_story(node)
    ]
    if any(node.tag in _FURNITURE_TAGS or _NOT_STORY(node) for node in around):
        return True
    return above is not None and layout.is_furniture(above)
