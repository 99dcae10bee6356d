"""What is kept as an article, and what is kept out under which outcome."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.demo import Newspaper
from crawler.extraction import read
from crawler.extraction.outline import Outline
from crawler.extraction.page_address import Place, place
from crawler.extraction.page_kind import Signs, judge
from crawler.extraction.reading import Reading
from crawler.items import Page
from storage.records import Outcome

HOST = "https://news.example.org"
SENTENCE = (
    "The harbour board said on Monday that the old pier would stay closed until the repairs are paid for."
)
STORY = "".join(
    f"<p>{opening} {SENTENCE}</p>"
    for opening in (
        "Its chair, Ada Holm, spoke of a difficult spring.",
        "Fishermen who land their catch there were told by letter.",
        "A smaller landing stage further north takes some of the boats.",
        "The council meets again in two weeks to vote on the money.",
        "Nobody expects the ferries to wait that long.",
        "Two of them have already moved to the island.",
        "Insurance covers a third of what the storm has broken.",
        "The planks were last changed eleven years ago.",
    )
)
MENU = "<nav><a href='/'>Home</a> <a href='/world'>World</a> <a href='/sport'>Sport</a></nav>"
ARTICLE_DATA = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pier stays closed",'
    ' "datePublished": "2026-03-02T09:00:00+01:00"%s}</script>'
)


def cards(count: int, summary: str = "") -> str:
    """A list of other stories, each a linked headline."""
    return "".join(
        f"<div class='item'><h3><a href='/2026/story-{n}'>Story number {n} of the day in town</a></h3>"
        f"<p>{summary}</p></div>"
        for n in range(count)
    )


def teasers(count: int, markup: str) -> str:
    """A list whose titles are no headings: `markup` with {n}, once for each."""
    return "".join(markup.format(n=n) for n in range(count))


def reading(
    body: str, *, path: str = "/2026/pier-stays-closed", head: str = "", title: str = "News", menu: str = MENU
) -> Reading:
    """What `read` makes of a page."""
    html = f"<html><head><title>{title}</title>{head}</head><body>{menu}{body}</body></html>"
    return fetched(HOST + path, html.encode())


def fetched(url: str, html: bytes, content_type: str = "text/html; charset=utf-8") -> Reading:
    return read(
        Page(
            url=url,
            final_url=url,
            status=200,
            body=html,
            fetched_at=dt.datetime(2026, 3, 15, tzinfo=dt.UTC),
            headers={"content-type": content_type},
        )
    )


LIST = "<li><a href='/2026/s{n}'>Story number {n} of a long day in town</a></li>"
SUMMARISED = (
    "<div class='teaser'><div><a href='/2026/s{n}'>Story number {n} of a long day in town</a></div>"
    "<div>What happened at place {n} surprised the neighbours, who had slept until noon that day.</div></div>"
)
ROW = "<tr><td>12.03.</td><td><a href='/2026/s{n}'>Story number {n} of a long day in town</a></td></tr>"
RELATED = f"<section><h2>Related</h2><ul>{teasers(5, LIST)}</ul></section>"
BANNER = (
    "<div class='cookie-notice'><p>We use cookies to run this site and to understand how it is used. You can "
    "change your choice at any time in the settings.</p><button>Accept all</button></div>"
)
DE = "Die Hafenbehörde teilte am Montag mit, dass die alte Mole bis zum Ende der Arbeiten gesperrt bleibt. "
ES = (
    "La autoridad portuaria anunció el lunes que el viejo muelle seguirá cerrado hasta que acaben las obras. "
)
FR = "Les autorités du port ont dit lundi que la vieille jetée resterait fermée jusqu’à la fin des travaux. "
RU = "Управление порта сообщило в понедельник, что старый причал останется закрытым до конца ремонта. "
AR = "أعلنت سلطة الميناء يوم الاثنين أن الرصيف القديم سيبقى مغلقا حتى انتهاء أعمال الترميم في الصيف المقبل. "
KO = "항만공사는 월요일 오래된 부두가 보수 공사가 끝날 때까지 폐쇄된다고 밝혔다. 배는 북쪽에 선다. "
ZH = (
    "港务局周一表示，旧码头在维修工程完成之前将继续关闭。"
    "渡轮改停北侧泊位，预计持续到夏末。市议会两周后表决经费。"
)
HI = (
    "बंदरगाह प्राधिकरण ने सोमवार को कहा कि मरम्मत पूरी होने तक पुराना घाट बंद रहेगा। "
    "नावें उत्तर की ओर से चलेंगी और टिकट वही रहेगा।"
)

KEPT = {
    "a plain article": (f"<h1>Pier stays closed</h1><article>{STORY}</article>", {}),
    "no metadata, no article element": (f"<h1>Pier stays closed</h1><div>{STORY}</div>", {}),
    "three sentences of news in brief": (
        "<h1>Pier reopens</h1><div><p>The old pier opened again on Monday. "
        "Repairs had taken a year. The first ferry left at noon with forty passengers.</p></div>",
        {},
    ),
    "news in brief above many other headlines": (
        "<article><h1>Pier reopens</h1><time datetime='2026-03-02T09:00:00Z'></time><p>The old pier opened "
        "again on Monday after a year of repairs. The first ferry left at noon with forty passengers and a "
        f"brass band on board, watched by half the town.</p></article><section>{cards(14)}</section>",
        {"head": ARTICLE_DATA % ""},
    ),
    "Japanese": (
        "<h1>旧桟橋が再開</h1><article><p>老朽化のため閉鎖されていた旧桟橋が二日、一年ぶりに再開した。</p>"
        "<p>港湾局によると、補修には約三億円がかかった。正午には最初の連絡船が四十人の乗客を乗せて出航し、"
        "地元の吹奏楽団が演奏で見送った。</p></article>",
        {},
    ),
    "an article that says it is a website": (
        f"<h1>Pier stays closed</h1><article>{STORY}</article>",
        {"head": '<meta property="og:type" content="website">'},
    ),
    "a live blog": (
        "<h1>Storm over the coast: live</h1><div class='live'>"
        + "".join(
            f"<article id='e{n}'><h3><a href='#e{n}'>Update {n}: water rises in the lower town</a></h3>"
            f"<p>{SENTENCE} Entry {n}.</p></article>"
            for n in range(12)
        )
        + "</div>",
        {},
    ),
    "an interview": (
        "<h1>“We count every plank”</h1><div>"
        + "".join(
            f"<p><b>What happens in month {n}, Ms Holm?</b></p><p>We count every plank again, number {n} "
            "included, and then we see what is left of the money.</p>"
            for n in range(8)
        )
        + "</div>",
        {},
    ),
    "an article in a section called search": (
        f"<h1>Pier stays closed</h1>{STORY}",
        {"path": "/research/pier-stays-closed"},
    ),
    "an article about consent": (
        "<h1>Cookie rules tightened</h1><article>"
        + "".join(
            f"<p>Consent to cookies must be free, the regulator said in ruling {n}. {SENTENCE}</p>"
            for n in range(12)
        )
        + "</article>",
        {"head": ARTICLE_DATA % ""},
    ),
    "an article about a missing page": (
        f"<h1>Page not found: how a library lost its catalogue</h1><article>{STORY}</article>",
        {"head": ARTICLE_DATA % "", "title": "Page not found"},
    ),
    "paragraphs parted by line breaks, on a page that calls itself a website": (
        "<h1>Pier stays closed</h1><div>"
        + "<br><br>".join(f"Report {n}: {SENTENCE} {SENTENCE}" for n in range(20))
        + f"</div>{cards(5)}",
        {"head": '<meta property="og:type" content="website">'},
    ),
    "an article with a cookie banner": (f"<h1>Pier stays closed</h1><article>{STORY}</article>{BANNER}", {}),
    "an article with related links between its paragraphs": (
        "<h1>Pier stays closed</h1><div>"
        + "".join(
            f"<p>Report {n}: {SENTENCE} No end yet. {SENTENCE}</p><p>{SENTENCE} Day {n}.</p>"
            f"<p><a href='/s/{n}'>Read on: what became of boat {n}</a></p>"
            for n in range(4)
        )
        + "</div>",
        {},
    ),
    "an article above a long list of links": (
        f"<div><h1>Pier stays closed</h1>{STORY}<ul>{teasers(20, LIST)}</ul></div>",
        {},
    ),
    "a video with a text": (
        f"<h1>Watch the pier fall</h1><video src='v.mp4'></video><p>{SENTENCE}</p><p>Ada Holm filmed it.</p>",
        {"path": "/videos/watch-the-old-pier-fall"},
    ),
    "a gallery with a text": (
        f"<h1>The storm in pictures</h1><p>{SENTENCE} These pictures were taken by our readers.</p>"
        + "".join(
            f"<figure><img src='{n}.jpg'><figcaption>Wave {n}</figcaption></figure>" for n in range(12)
        ),
        {},
    ),
    "a podcast with a text": (
        f"<h1>Episode 12: the pier</h1><audio src='12.mp3'></audio><p>{SENTENCE} We talk to Ada Holm.</p>",
        {"path": "/podcast/12"},
    ),
    "an obituary": (
        "<h1>Piet Maas, 1931-2026</h1><p>Piet Maas, who kept the lighthouse for forty years, has died at the "
        "age of 94. He leaves two sons and a boat.</p>",
        {},
    ),
    "a recipe": (
        "<h1>Fish soup</h1><p>This is how the fishermen of the harbour cook what the market has left.</p>"
        "<ul><li>500 g of fish</li><li>1 onion</li></ul><ol><li>Cut the onion and the fish into pieces not "
        "too small.</li><li>Cook both in salted water for a quarter of an hour.</li></ol>",
        {"head": '<script type="application/ld+json">{"@type": "Recipe", "name": "Fish soup"}</script>'},
    ),
    "a weather report": (
        "<h1>Weather on Monday</h1><p>Rain moves in from the west before noon, with gusts of up to 70 km/h. "
        "It clears up in the evening.</p><table><tr><td>Mon</td><td>9°</td></tr></table>",
        {"path": "/weather/monday"},
    ),
    "a market report": (
        "<h1>Shares end flat</h1><p>The index closed at 4,211 points, hardly changed from Friday. Shipping "
        "shares lost 2%, while banks gained a little.</p>",
        {},
    ),
    "a result of a match in two sentences": (
        "<h1>Rovers 2-1 Albion</h1><p>Rovers came from behind to beat Albion 2-1 on Saturday. Nilsen scored "
        "both goals in the last ten minutes.</p>",
        {"path": "/sport/rovers-albion"},
    ),
    "a press release": (
        f"<h1>Harbour board reports results</h1><p>HAVEN, 2 March 2026. {SENTENCE}</p><p>About the board: it "
        "runs four harbours.</p><p>Contact: press@board.example</p>",
        {},
    ),
    "a letter": (
        f"<h1>Letter: leave the pier alone</h1><p>Sir, {SENTENCE} I have fished there since 1964.</p>"
        "<p>A. Reader, Haven</p>",
        {},
    ),
    "questions and answers that say they are a list of them": (
        "<h1>What you need to know</h1>"
        + "".join(f"<h2>Is it {n} o’clock?</h2><p>{SENTENCE} That was answer {n}.</p>" for n in range(6)),
        {
            "head": '<script type="application/ld+json">[{"@type": "FAQPage"}, {"@type": "NewsArticle", '
            '"headline": "What you need to know"}]</script>'
        },
    ),
    "a news story about a newsletter": (
        f"<h1>Newsletter firm sold</h1><article>{STORY}</article><form><input type='email'></form>",
        {"title": "Newsletter firm sold | The Courier"},
    ),
    "a news story about a robot check": (
        f"<h1>Just a moment: when machines ask whether you are human</h1><article>{STORY}</article>",
        {"title": "Just a moment: when machines ask whether you are human"},
    ),
    "news in brief with a cookie banner": (
        f"<h1>Pier reopens</h1><p>The old pier opened again on Monday after a year of repairs. The "
        f"first ferry left at noon with forty on board.</p>{BANNER}",
        {},
    ),
    "dated news in brief about cookies": (
        "<h1>Fewer cookies</h1><time datetime='2026-03-02T09:00:00Z'></time><p>Sites may ask for consent to "
        "cookies just once a year, the regulator said on Monday. The new rule holds from May.</p>",
        {},
    ),
    "news in brief that renews itself": (
        f"<h1>Pier stays closed</h1><p>{SENTENCE}</p>",
        {"head": "<meta http-equiv='refresh' content='600; url=/2026/pier-stays-closed'>"},
    ),
    "a story that renews itself": (
        f"<h1>Pier stays closed</h1>{STORY}",
        {"head": "<meta http-equiv='refresh' content='600'>"},
    ),
    "news in brief in German": (f"<h1>Mole bleibt gesperrt</h1><p>{DE}Mehr steht noch nicht fest.</p>", {}),
    "news in brief in Spanish": (f"<h1>Muelle cerrado</h1><p>{ES}</p>", {"path": "/breves/123"}),
    "news in brief in French": (f"<h1>La jetée reste fermée</h1><p>{FR}</p>", {}),
    "news in brief in Russian": (f"<h1>Причал закрыт</h1><p>{RU}</p>", {}),
    "news in brief in Arabic": (f"<h1>الرصيف مغلق</h1><p>{AR}</p>", {}),
    "news in brief in Korean": (f"<h1>부두 폐쇄</h1><p>{KO}</p>", {}),
    "news in brief in Chinese": (f"<h1>旧码头继续关闭</h1><p>{ZH}</p>", {}),
    "news in brief in Hindi": (f"<h1>घाट बंद</h1><p>{HI}</p>", {}),
}

KEPT_OUT = {
    "the home page": (cards(30, SENTENCE), {"path": "/"}, Outcome.NOT_ARTICLE),
    "a section page": (
        f"<h1>District</h1>{cards(20, SENTENCE)}",
        {"path": "/district/"},
        Outcome.NOT_ARTICLE,
    ),
    "a section page with a word of welcome": (
        f"<h1>District</h1><p>{SENTENCE}</p>{cards(20, SENTENCE)}",
        {"path": "/district/"},
        Outcome.NOT_ARTICLE,
    ),
    "a section page of whole links": (
        "<h1>District</h1>"
        + "".join(f"<a href='/s/{n}'><h2>Story {n} of the day</h2><p>{SENTENCE}</p></a>" for n in range(15)),
        {"path": "/district"},
        Outcome.NOT_ARTICLE,
    ),
    "a tag page with its explanation": (
        f"<h1>Harbour</h1><p>{SENTENCE} {SENTENCE}</p>{cards(12, SENTENCE)}",
        {"path": "/tag/harbour"},
        Outcome.NOT_ARTICLE,
    ),
    "an author's page": (
        "<h1>Ada Holm</h1><p>Ada Holm has written about harbours since 2009. She lives by the sea. Before "
        f"that she was a carpenter.</p>{cards(12)}",
        {"path": "/author/ada-holm", "head": '<meta property="og:type" content="profile">'},
        Outcome.NOT_ARTICLE,
    ),
    "a video index": (
        "<h1>Videos</h1>"
        + "".join(f"<a href='/video/{n}'><img src='{n}.jpg'>Watch clip {n} now</a>" for n in range(40)),
        {"path": "/videos"},
        Outcome.NOT_ARTICLE,
    ),
    "search results": (
        f"<h1>Results for pier</h1>{cards(10, SENTENCE)}",
        {"path": "/search?q=pier"},
        Outcome.NOT_ARTICLE,
    ),
    "a log-in form": (
        "<h1>Welcome back</h1><form><input name='user'><input type='password'><button>Log in</button></form>"
        "<p>Log in to read on.</p>",
        {"path": "/login"},
        Outcome.NOT_ARTICLE,
    ),
    "a consent wall": (
        "<h1>Your privacy</h1><p>We and our 214 partners store cookies on your device and use personal data "
        "such as your address to show advertising. You can withdraw your consent at any time.</p>"
        "<button>Accept</button>",
        {},
        Outcome.CONSENT_WALL,
    ),
    "a German consent wall": (
        "<div><h1>Weiter mit Werbung lesen</h1><p>Mit Ihrer Einwilligung nutzen wir und unsere Partner "
        "Cookies, um Werbung auszuspielen. Die Zustimmung ist jederzeit widerrufbar, mehr dazu im "
        "Datenschutz.</p></div>",
        {},
        Outcome.CONSENT_WALL,
    ),
    "a soft 404": (
        f"<h1>Page not found</h1><p>Sorry, what you are looking for has moved or never was.</p>{cards(8)}",
        {"title": "404"},
        Outcome.GONE,
    ),
    "a soft 404 in Spanish": (
        "<h1>Página no encontrada</h1><p>La dirección que busca ya no existe en nuestro diario. Puede "
        "volver a la portada y seguir leyendo desde allí.</p>",
        {},
        Outcome.GONE,
    ),
    "a consent wall in French": (
        "<div><h1>Le respect de votre vie privée</h1><p>Avec votre consentement, nous et nos partenaires "
        "utilisons des cookies pour traiter des données personnelles et afficher de la publicité.</p></div>",
        {"menu": ""},
        Outcome.CONSENT_WALL,
    ),
    "a consent wall in Japanese": (
        "<h1>プライバシーの設定</h1><p>当社と提携企業は、クッキーを使用して広告を表示します。"
        "続行するには同意してください。</p>",
        {"menu": ""},
        Outcome.CONSENT_WALL,
    ),
    "a consent wall that names its papers": (
        "<h1>Your privacy</h1><p>We and our partners store cookies on your device to show advertising.</p>"
        "<a href='/privacy'>Privacy policy</a> <a href='/imprint'>Imprint</a>",
        {"menu": ""},
        Outcome.CONSENT_WALL,
    ),
    "a section page as a plain list of links": (
        f"<h1>District</h1><ul>{teasers(15, LIST)}</ul>",
        {"path": "/district"},
        Outcome.NOT_ARTICLE,
    ),
    "a section page of divs with summaries": (
        f"<h1>District</h1><div>{teasers(15, SUMMARISED)}</div>",
        {"path": "/district"},
        Outcome.NOT_ARTICLE,
    ),
    "a section page as a table": (
        f"<h1>District</h1><table>{teasers(15, ROW)}</table>",
        {"path": "/district"},
        Outcome.NOT_ARTICLE,
    ),
    "a section page of three, with a cookie banner": (
        f"<h1>District</h1>{teasers(3, SUMMARISED)}{BANNER}",
        {"path": "/district"},
        Outcome.NOT_ARTICLE,
    ),
    "a short section page in Japanese, with a cookie banner": (
        "<h1>地域</h1>"
        + "".join(
            f"<h3><a href='/n/{n}'>旧桟橋が{n}年ぶりに再開</a></h3><p>港湾局が発表した。</p>"
            for n in range(3)
        )
        + BANNER,
        {"path": "/chiiki/"},
        Outcome.NOT_ARTICLE,
    ),
    "a section page in Arabic": (
        "<h1>محليات</h1><ul>"
        + "".join(f"<li><a href='/n/{n}'>الرصيف القديم يبقى مغلقا للعام {n}</a></li>" for n in range(12))
        + "</ul>",
        {"path": "/mahalliyat"},
        Outcome.NOT_ARTICLE,
    ),
    "a tag page in Russian with dates": (
        "<h1>Порт</h1>"
        + "".join(
            f"<div><span>{n}.03.2026</span> <a href='/n/{n}'>Причал номер {n} останется закрытым</a></div>"
            for n in range(2, 14)
        ),
        {"path": "/port"},
        Outcome.NOT_ARTICLE,
    ),
    "the next page of a section": (
        f"<h1>District</h1><ul>{teasers(8, LIST)}</ul><p><a href='?page=3' rel='next'>Older</a></p>",
        {"path": "/district?page=2"},
        Outcome.NOT_ARTICLE,
    ),
    "the home page of a language": (
        f"<ul>{teasers(9, LIST)}</ul>{BANNER}",
        {"path": "/es/"},
        Outcome.NOT_ARTICLE,
    ),
    "an index of photographs of the day": (
        "<h1>Photo of the day</h1>"
        + "".join(
            f"<div><a href='/photo/{n}'><img src='{n}.jpg'></a><a href='/photo/{n}'>The harbour on day {n} "
            "of the year</a></div>"
            for n in range(12)
        ),
        {"path": "/photo-of-the-day"},
        Outcome.NOT_ARTICLE,
    ),
    "advertisements for jobs": (
        "<h1>Current vacancies</h1>"
        + "".join(
            f"<div><a href='/v/{n}'>Harbour pilot (m/f/d), full time, no. {n}</a> Haven</div>"
            for n in range(9)
        ),
        {"path": "/vacancies"},
        Outcome.NOT_ARTICLE,
    ),
    "search without a result, with a cookie banner": (
        f"<h1>Search</h1><form><input name='q'></form><p>Nothing found for this word.</p>{BANNER}",
        {"path": "/search?q=pier"},
        Outcome.NOT_ARTICLE,
    ),
    "a log-in form with a cookie banner": (
        f"<h1>Sign in</h1><form><input type='password'></form>{BANNER}",
        {"path": "/my"},
        Outcome.NOT_ARTICLE,
    ),
    "a thing to buy": (
        f"<h1>Harbour calendar</h1><p>{SENTENCE} Twelve sheets, with wire.</p><p>€ 19.90</p>",
        {"head": '<script type="application/ld+json">{"@type": "Product", "name": "Calendar"}</script>'},
        Outcome.NOT_ARTICLE,
    ),
    "about us": (
        f"<h1>About us</h1>{STORY}",
        {"path": "/page/12", "title": "About us | Courier"},
        Outcome.NOT_ARTICLE,
    ),
    "an imprint": (
        "<h1>Impressum</h1><p>Hafenblatt Verlag GmbH, Am Kai 3, Hafenstadt. Verantwortlich für den Inhalt "
        "dieser Seiten ist Ada Holm. Registergericht Hafenstadt, HRB 1234.</p>",
        {"path": "/impressum.html"},
        Outcome.NOT_ARTICLE,
    ),
    "a privacy policy": (
        "<h1>Datenschutzerklärung</h1>"
        + "".join(f"<p>Absatz {n}. Wir verarbeiten personenbezogene Daten. {DE}</p>" for n in range(12)),
        {"path": "/p/77"},
        Outcome.NOT_ARTICLE,
    ),
    "terms of use that WordPress calls an article": (
        f"<h1>Condiciones de uso</h1><p>{ES}</p><p>{ES}</p>",
        {"path": "/condiciones-de-uso/", "head": '<meta property="og:type" content="article">'},
        Outcome.NOT_ARTICLE,
    ),
    "a page of contacts": (
        f"<h1>Contactez-nous</h1><p>{FR} Écrivez-nous ou venez nous voir.</p>",
        {"path": "/redaction"},
        Outcome.NOT_ARTICLE,
    ),
    "a page to sign up for newsletters": (
        f"<h1>Newsletter</h1><form><input type='email'></form><p>{SENTENCE} Once a week in your mailbox.</p>",
        {"path": "/newsletter"},
        Outcome.NOT_ARTICLE,
    ),
    "offers for subscribers": (
        f"<h1>Read all of it</h1><div><p>Digital, € 9.90 a month</p>"
        f"<p>Paper, € 39.90 a month</p><p>{SENTENCE}</p></div>",
        {"path": "/subscribe"},
        Outcome.NOT_ARTICLE,
    ),
    "a check for robots": (
        "<h1>news.example.org</h1><p>Checking your browser before you go on. This may take seconds.</p>",
        {"title": "Just a moment...", "menu": ""},
        Outcome.NOT_ARTICLE,
    ),
    "a captcha": (
        "<h1>Verify you are human</h1><p>Please complete the task below, so that we know that you are no "
        "machine, and then go on to the page that you wanted to see.</p>",
        {"menu": ""},
        Outcome.NOT_ARTICLE,
    ),
    "a check for robots in Chinese": (
        "<h2>安全验证</h2><p>请完成验证后继续访问。</p>",
        {"menu": ""},
        Outcome.NOT_ARTICLE,
    ),
    "a shell that JavaScript fills": (
        "<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript>",
        {"menu": ""},
        Outcome.NOT_ARTICLE,
    ),
    "a notice that JavaScript is off": (
        "<h1>Bitte JavaScript aktivieren</h1><p>Diese Seite kann ohne JavaScript nicht angezeigt werden.</p>",
        {"menu": ""},
        Outcome.NOT_ARTICLE,
    ),
    "an age gate": (
        "<h1>Are you over 18?</h1><p>What follows is meant for grown-ups.</p><button>Yes</button>",
        {},
        Outcome.NOT_ARTICLE,
    ),
    "a notice that the page has moved": (
        "<h1>This page has moved</h1><p>You will be redirected to its new address in a few seconds.</p>",
        {},
        Outcome.NOT_ARTICLE,
    ),
    "a page that leads on at once": (
        "<p>One moment.</p>",
        {"head": "<meta http-equiv='Refresh' content='0; URL=/new'>"},
        Outcome.NOT_ARTICLE,
    ),
    "a soft 404 in German": (
        f"<h1>Seite nicht gefunden</h1><p>Die Seite gibt es nicht mehr.</p><ul>{teasers(9, LIST)}</ul>",
        {},
        Outcome.GONE,
    ),
    "a soft 404 in French": ("<h1>Page introuvable</h1><p>Revenez à l’accueil.</p>", {}, Outcome.GONE),
    "a soft 404 in Polish": ("<h1>Nie znaleziono strony</h1>", {}, Outcome.GONE),
    "a soft 404 in Finnish": ("<h1>Sivua ei löytynyt</h1>", {}, Outcome.GONE),
    "a soft 404 in Japanese": ("<h1>ページが見つかりません</h1>", {}, Outcome.GONE),
    "a soft 404 in Korean": ("<h1>페이지를 찾을 수 없습니다</h1>", {}, Outcome.GONE),
    "a soft 404 in Arabic": ("<h1>الصفحة غير موجودة</h1>", {}, Outcome.GONE),
    "a line of news": ("<h1>Fire at the school</h1><p>More on this in a moment.</p>", {}, Outcome.TOO_SHORT),
    "a line of news with a cookie banner": (
        f"<h1>Fire at the school</h1><p>More on this in a while.</p>{BANNER}",
        {"menu": "<nav>" + "".join(f"<a href='/{n}'>Part {n}</a> " for n in range(9)) + "</nav>"},
        Outcome.TOO_SHORT,
    ),
    "a line of news with a cookie banner, without a menu": (
        f"<h1>Fire at the school</h1><p>More on this in a while.</p>{BANNER}",
        {"menu": ""},
        Outcome.TOO_SHORT,
    ),
    "a line of news with related stories": (
        f"<h1>Fire at the school</h1><p>More on this in a while.</p>{RELATED}",
        {},
        Outcome.TOO_SHORT,
    ),
    "a line of news above a box of many related stories": (
        f"<h1>Fire at the school</h1><p>More on this soon.</p><div class='related'>{teasers(12, LIST)}</div>",
        {},
        Outcome.TOO_SHORT,
    ),
    "a dated line of news with a cookie banner": (
        f"<h1>Fire at the school</h1><time datetime='2026-03-02T09:00:00Z'></time><p>More soon.</p>{BANNER}",
        {},
        Outcome.TOO_SHORT,
    ),
    "a line of news with many other stories in the margin": (
        f"<h1>Fire at the school</h1><p>More on this in a while.</p><aside>{teasers(12, LIST)}</aside>",
        {},
        Outcome.TOO_SHORT,
    ),
    "a dated line of news with many related stories": (
        "<h1>Fire at the school</h1><time datetime='2026-03-02T09:00:00Z'>2 March</time><p>More soon.</p>"
        f"<ul>{teasers(12, LIST)}</ul>",
        {},
        Outcome.TOO_SHORT,
    ),
    "nothing but a headline": ("<h1>Pier stays closed</h1>", {}, Outcome.TOO_SHORT),
    "an empty page": ("", {}, Outcome.TOO_SHORT),
    "a paywalled teaser": (
        f"<h1>Pier stays closed</h1><article><p>{SENTENCE}</p><p>Its chair spoke of …</p></article>",
        {"head": ARTICLE_DATA % ', "isAccessibleForFree": false, "wordCount": 800'},
        Outcome.PAYWALL,
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_articles_of_all_forms_are_kept(name: str) -> None:
    body, more = KEPT[name]
    found = reading(body, **more)
    assert found.outcome is Outcome.STORED, found.reason


@pytest.mark.parametrize("name", KEPT_OUT)
def test_other_pages_are_kept_out(name: str) -> None:
    body, more, expected = KEPT_OUT[name]
    found = reading(body, **more)
    assert found.outcome is expected, found.reason


def test_a_paywalled_story_that_is_all_there_is_kept() -> None:
    head = ARTICLE_DATA % ', "isAccessibleForFree": false'
    assert reading(f"<h1>Pier</h1><article>{STORY}</article>", head=head).outcome is Outcome.STORED


@pytest.mark.parametrize(
    ("name", "telling"),
    [
        ("a captcha", "robots"),
        ("an age gate", "age"),
        ("a shell that JavaScript fills", "JavaScript"),
        ("a notice that the page has moved", "moved"),
        ("a page that leads on at once", "another"),
        ("an imprint", "site itself"),
        ("a log-in form", "log in"),
        ("a section page", "list"),
    ],
)
def test_the_reason_tells_what_the_page_is(name: str, telling: str) -> None:
    body, more, _ = KEPT_OUT[name]
    assert telling in reading(body, **more).reason


# The whole newspaper

READ = {Outcome.NOT_ARTICLE, Outcome.CONSENT_WALL, Outcome.TOO_SHORT}


@pytest.fixture(scope="module")
def paper() -> Iterator[Newspaper]:
    with Newspaper(now=dt.datetime(2026, 3, 14, 10, tzinfo=dt.UTC)) as newspaper:
        yield newspaper


def visit(url: str) -> Outcome:
    with urlopen(url, timeout=10) as response:
        return fetched(url, response.read(), response.headers["content-type"]).outcome


def test_every_story_of_the_newspaper_is_kept(paper: Newspaper) -> None:
    """Those that a first crawl leaves for later are stories as well."""
    told = [story for story in paper.stories if not story.manuscript.shy]
    found = {story.url: visit(story.url) for story in told}
    paywalled = {s.url for s in told if s.expected_outcome is Outcome.PAYWALL}
    assert found == {s.url: Outcome.PAYWALL if s.url in paywalled else Outcome.STORED for s in told}
    assert len(found) > 50


def test_every_other_page_of_the_newspaper_is_kept_out(paper: Newspaper) -> None:
    expected = {
        page.url: page.expected_outcome
        for page in paper.pages
        if page.expected_outcome in READ or page.kind == "soft_404"
    }
    assert {url: visit(url) for url in expected} == expected
    assert len(expected) > 100


def test_the_front_pages_of_the_newspaper_are_kept_out(paper: Newspaper) -> None:
    fronts = [outlet.base + edition.text.front for outlet in paper.outlets for edition in outlet.editions]
    assert {visit(url) for url in fronts} == {Outcome.NOT_ARTICLE}


# Judgement by signs alone

ARTICLE = Signs(prose=3000, outline=Outline(text=3000, stretch=3000), says_article=True, has_date=True)
PLAIN: dict[str, Any] = {"says_article": False, "has_date": False}
NO_TEXT: dict[str, Any] = {**PLAIN, "prose": 0.0}
LINES = Outline(titles=12, summaries=11, text=1200, stretch=110)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Outcome.STORED),
        ({"cards": 200}, Outcome.STORED),
        ({"place": Place.LIST}, Outcome.STORED),
        ({"says_list": True}, Outcome.STORED),
        ({"says_not_found": True}, Outcome.STORED),
        ({"obstacle": "a check for robots"}, Outcome.STORED),
        ({"asks_for_consent": True}, Outcome.STORED),
        ({"is_headed_service": True, "has_story_data": True}, Outcome.STORED),
        ({"is_headed_service": True}, Outcome.NOT_ARTICLE),
        ({"place": Place.SERVICE}, Outcome.NOT_ARTICLE),
        ({"prose": 100.0}, Outcome.STORED),
        ({"prose": 50.0}, Outcome.TOO_SHORT),
        ({"prose": 50.0, "is_free": False, "is_whole": False}, Outcome.PAYWALL),
        ({"is_free": False}, Outcome.STORED),
        ({"is_free": False, "is_whole": False}, Outcome.PAYWALL),
        ({**PLAIN, "cards": 40}, Outcome.STORED),
        ({**PLAIN, "cards": 40, "prose": 500.0}, Outcome.NOT_ARTICLE),
        ({**PLAIN, "place": Place.LIST}, Outcome.STORED),
        ({**PLAIN, "place": Place.LIST, "prose": 500.0}, Outcome.NOT_ARTICLE),
        ({**PLAIN, "says_list": True, "cards": 11}, Outcome.NOT_ARTICLE),
        ({"place": Place.HOME, "cards": 40}, Outcome.NOT_ARTICLE),
        ({**PLAIN, "prose": 1200.0, "outline": LINES}, Outcome.NOT_ARTICLE),
        ({**PLAIN, "prose": 9000.0, "outline": dataclasses.replace(LINES, text=9000)}, Outcome.STORED),
        ({**PLAIN, "prose": 1200.0, "outline": dataclasses.replace(LINES, stretch=700)}, Outcome.STORED),
        ({"prose": 1200.0, "outline": LINES}, Outcome.STORED),
        ({**NO_TEXT, "outline": Outline(titles=2)}, Outcome.NOT_ARTICLE),
        ({**NO_TEXT, "outline": Outline(titles=5, lead=30, text=30)}, Outcome.TOO_SHORT),
        ({**NO_TEXT, "outline": Outline(titles=9, lead=30, text=30)}, Outcome.NOT_ARTICLE),
        ({**NO_TEXT, "outline": Outline(consent=400, links=3)}, Outcome.CONSENT_WALL),
        ({**NO_TEXT, "outline": Outline(consent=400, links=40)}, Outcome.TOO_SHORT),
        (
            {**NO_TEXT, "outline": Outline(consent=400, links=40), "asks_for_consent": True},
            Outcome.CONSENT_WALL,
        ),
        ({**NO_TEXT, "outline": Outline(consent=400, titles=9)}, Outcome.NOT_ARTICLE),
        ({**NO_TEXT, "obstacle": "an age gate"}, Outcome.NOT_ARTICLE),
        ({**NO_TEXT, "says_not_found": True}, Outcome.GONE),
        ({**NO_TEXT, "has_password_field": True}, Outcome.NOT_ARTICLE),
    ],
)
def test_judgement_by_signs(changes: dict[str, Any], expected: Outcome) -> None:
    assert judge(dataclasses.replace(ARTICLE, **changes)).outcome is expected


# Addresses


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", Place.HOME),
        ("", Place.HOME),
        ("/index.html", Place.HOME),
        ("/de/", Place.HOME),
        ("/pt-br", Place.HOME),
        ("/de/politik", Place.OTHER),
        ("/tag/storms", Place.LIST),
        ("/news/author/jane-doe", Place.LIST),
        ("/category/local/page/2", Place.LIST),
        ("/suche?q=hafen", Place.LIST),
        ("/?s=hafen", Place.LIST),
        ("/videos", Place.LIST),
        ("/videos/how-the-old-pier-fell", Place.OTHER),
        ("/2026/pier-stays-closed?q=1", Place.OTHER),
        ("/impressum", Place.SERVICE),
        ("/service/privacy-policy.html", Place.SERVICE),
        ("/service/privacy-policy-angers-readers", Place.OTHER),
    ],
)
def test_places(path: str, expected: Place) -> None:
    assert place(HOST + path) is expected


@given(st.text())
def test_any_address_has_a_place(text: str) -> None:
    assert place(text) in Place
    assert place(f"http://[{text}") in Place


@given(
    st.lists(st.sampled_from([LIST, SUMMARISED, STORY, BANNER, RELATED, "<h1>{n}</h1>", "<p>{n}", "</div>"]))
)
def test_any_mixture_of_pieces_is_read(pieces: list[str]) -> None:
    body = "".join(teasers(3, piece) for piece in pieces)
    assert reading(body).outcome is not Outcome.EXTRACT_ERROR
