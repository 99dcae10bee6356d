"""Videos, audio and social posts: which are the story's, where they live, and where they stand in it."""

from __future__ import annotations

import pytest

from crawler.extraction import extract
from crawler.extraction.embeds import embeds
from storage.records import EMBEDS, Block, BlockKind
from tests.news_page import SENTENCES, URL, json_ld, laid_out, story_page

FIRST, *OTHERS = (f"<p>{sentence}</p>" for sentence in SENTENCES)
VIDEO, AUDIO, POST = BlockKind.VIDEO, BlockKind.AUDIO, BlockKind.SOCIAL_POST


def between(embed: str) -> bytes:
    """A page with `embed` behind the first paragraph."""
    return story_page(text=FIRST + embed + "".join(OTHERS))


def found(html: bytes) -> list[tuple[BlockKind, str | None]]:
    return [(embed.block.kind, embed.block.url) for embed in embeds(*laid_out(html))]


@pytest.mark.parametrize(
    ("embed", "kind", "url"),
    [
        (
            '<iframe src="https://www.youtube-nocookie.com/embed/aB3_x-9Zq1w?rel=0"></iframe>',
            VIDEO,
            "https://www.youtube.com/watch?v=aB3_x-9Zq1w",
        ),
        (
            '<div class="embed"><iframe data-src="//player.vimeo.com/video/12345?h=1"></iframe></div>',
            VIDEO,
            "https://vimeo.com/12345",
        ),
        (
            '<iframe src="about:blank" data-src="https://geo.dailymotion.com/player.html?video=x8abc1"></iframe>',
            VIDEO,
            "https://www.dailymotion.com/video/x8abc1",
        ),
        ('<amp-youtube data-videoid="aB3_x-9Zq1w"></amp-youtube>', VIDEO, "https://www.youtube.com/watch?v=aB3_x-9Zq1w"),
        ('<video src="/v/pier.mp4" controls></video>', VIDEO, "https://www.harbourpost.example/v/pier.mp4"),
        (
            '<video controls><source src="https://v.example/pier.webm"></video>',
            VIDEO,
            "https://v.example/pier.webm",
        ),
        (
            '<iframe src="https://open.spotify.com/embed/episode/4x?utm_source=generator"></iframe>',
            AUDIO,
            "https://open.spotify.com/embed/episode/4x?utm_source=generator",
        ),
        ('<audio controls src="https://a.example/pier.mp3"></audio>', AUDIO, "https://a.example/pier.mp3"),
        (
            '<blockquote class="twitter-tweet"><p>The pier is shut. <a href="https://t.co/x">t.co/x</a></p>'
            '— Board <a href="https://twitter.com/board/status/1234567?ref_src=t">2 March</a></blockquote>',
            POST,
            "https://twitter.com/board/status/1234567",
        ),
        (
            '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/Cx1/?u=1">'
            "</blockquote>",
            POST,
            "https://www.instagram.com/p/Cx1/",
        ),
        ('<amp-twitter data-tweetid="1234567"></amp-twitter>', POST, "https://twitter.com/i/status/1234567"),
        (
            '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fb%2Fposts%2F1"></iframe>',
            POST,
            "https://www.facebook.com/b/posts/1",
        ),
    ],
)  # fmt: skip
def test_what_is_embedded(embed: str, kind: BlockKind, url: str) -> None:
    assert found(between(embed)) == [(kind, url)]


@pytest.mark.parametrize(
    "embed",
    [
        '<iframe src="https://www.googletagmanager.com/ns.html?id=1"></iframe>',
        '<iframe src="https://charts.example/pier"></iframe>',
        "<iframe></iframe>",
        '<iframe src="http://["></iframe>',
        '<video autoplay loop muted src="/loop.mp4"></video>',
        '<div class="read-aloud"><audio src="/tts/1.mp3"></audio></div>',
        '<audio src="https://a.example/text-to-speech/1.mp3"></audio>',
        '<div class="ad-preroll"><video src="/ad.mp4"></video></div>',
        '<aside class="related"><iframe src="https://www.youtube.com/embed/aB3_x-9Zq1w"></iframe></aside>',
        '<blockquote class="twitter-tweet"><p>No address.</p></blockquote>',
        '<blockquote class="pull-quote"><p>A quote.</p></blockquote>',
    ],
)
def test_what_is_not_the_storys(embed: str) -> None:
    assert found(between(embed)) == []


def test_each_address_once_and_in_page_order() -> None:
    tube = '<iframe src="https://www.youtube.com/embed/{}"></iframe>'
    html = story_page(
        text=FIRST + tube.format("second22") + tube.format("first111") + OTHERS[0] + tube.format("second22")
    )
    assert [url for _, url in found(html)] == [
        "https://www.youtube.com/watch?v=second22",
        "https://www.youtube.com/watch?v=first111",
    ]


def test_an_embed_stands_where_it_stood_and_its_words_are_not_the_storys() -> None:
    tweet = (
        '<blockquote class="twitter-tweet"><p>The pier is shut until further notice, the board said.</p>'
        '<a href="https://twitter.com/board/status/1234567">2 March</a></blockquote>'
    )
    article = extract(between(tweet), URL)
    assert [block.kind for block in article.blocks] == [
        BlockKind.PARAGRAPH,
        POST,
        *(BlockKind.PARAGRAPH for _ in OTHERS),
    ]
    assert article.blocks[1].text.startswith("The pier is shut until further notice")
    assert article.body == "\n\n".join(SENTENCES)


def test_a_described_video_comes_first_where_no_other_stands() -> None:
    data = json_ld(
        '{"@type": "NewsArticle", "headline": "x", "video": {"@type": "VideoObject", "embedUrl": "/v/1"}}'
    )
    blocks = extract(story_page(head=data), URL).blocks
    assert blocks[0] == Block(kind=VIDEO, text="", url="https://www.harbourpost.example/v/1")
    player = (
        '<iframe src="https://vimeo.com/x"></iframe><iframe src="https://player.vimeo.com/video/5"></iframe>'
    )
    blocks = extract(story_page(head=data, text=FIRST + player + "".join(OTHERS)), URL).blocks
    assert [block.url for block in blocks if block.kind in EMBEDS] == ["https://vimeo.com/5"]


def test_pictures_know_how_many_blocks_stand_before_them() -> None:
    figure = (
        '<figure><img src="/{0}.jpg" alt="{0}"><figcaption>Caption of {0}, a long one.</figcaption></figure>'
    )
    tube = '<iframe src="https://www.youtube.com/embed/aB3_x-9Zq1w"></iframe>'
    text = FIRST + tube + figure.format("b") + OTHERS[0] + OTHERS[1] + OTHERS[2] + figure.format("c")
    article = extract(story_page(figure.format("a"), text=text), URL)
    assert [(image.alt_text, image.block_position) for image in article.images] == [
        ("a", 0),
        ("b", 2),
        ("c", 5),
    ]
    assert article.images[0].is_lead
