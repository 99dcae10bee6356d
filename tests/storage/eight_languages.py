"""A small press in eight languages, and 200 things that its readers look for."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import NamedTuple

from storage.filters import EVERYTHING, Filter
from storage.records import Article, Byline, Image, Moment, Role
from tests.storage.newsroom import NOON, article, paragraphs

EACH = 16  # articles of a language
# Of each language: who writes, what joins words, and sentences out of which articles are made.
SENTENCES = {
    "en": (
        "The harbour board closed the old pier after the storm.",
        "Fishermen's boats don't land before the repairs are paid for.",
        "A co-operative of 12 farmers sells its cheese at the market on Monday.",
        "The mayor said the budget for schools rises by 3.5 per cent.",
        "Rare earths are mined in the north, and the railway carries the ore.",
        "Nobody expects the ferry to return before the spring.",
        "The council's vote on the new bridge was close.",
    ),
    "de": (
        "Der Gemeinderat beschließt den Haushalt für die Straße am Hafen.",
        "Über die Größe der neuen Brücke wird am Montag abgestimmt.",
        "Die Fähre fährt erst im Frühjahr wieder, sagt die Bürgermeisterin.",
        "Zwölf Bäuerinnen verkaufen ihren Käse auf dem Markt.",
        "Seltene Erden werden im Norden abgebaut.",
        "Nach dem Sturm bleibt die alte Mole geschlossen.",
        "Der Übergang ist ab 17 Uhr gesperrt.",
    ),
    "fr": (
        "L'État ferme la vieille jetée après la tempête.",
        "Le conseil vote le budget de l'école à Besançon.",
        "Douze fermières vendent leur fromage au marché, où qu'elles aillent.",
        "Le cœur de la ville attend le nouveau pont.",
        "Les terres rares sont extraites au nord.",
        "Le ferry ne reviendra qu'au printemps, dit la maire.",
        "Le vice-président n'a pas répondu à la question.",
    ),
    "ru": (
        "Городской совет принял бюджет на ремонт набережной.",
        "Паром вернётся только весной, сказала мэр.",
        "Шторм закрыл старый причал в понедельник.",
        "Ёлки продают на рынке двенадцать фермеров.",
        "Редкие земли добывают на севере.",
        "Новый мост построят через два года.",
        "Школы получат больше денег.",
    ),
    "ar": (
        "أغلق مجلس الميناء الرصيف القديم بعد العاصفة.",
        "قالت رئيسة البلدية إن الميزانية ارتفعت.",
        "تعود العبّارة في الربيع المقبل.",
        "يبيع المزارعون الجبن في السوق يوم الاثنين.",
        "تُستخرج المعادن النادرة في الشمال.",
        "صوّت المجلس على الجسر الجديد.",
        "تحصل المدارس على مزيد من المال.",
    ),
    "zh": (
        "市政府的预算案在议会通过。",
        "暴风雨过后，旧码头关闭了。",
        "渡轮要到春天才会回来，市长说。",
        "十二位农民在市场上卖奶酪。",
        "北方开采稀土，铁路运送矿石。",
        "新桥的投票在星期一举行。",
        "COVID疫苗的价格上涨3.5%。",
    ),
    "ja": (
        "政府の補正予算案が国会で成立した。",
        "嵐のあと、古い桟橋は閉鎖された。",
        "フェリーは春まで戻らないと市長は述べた。",
        "十二人の農家が市場でチーズを売る。",
        "北部でレアアースが採掘される。",
        "新しい橋についての投票は月曜日に行われた。",
        "ＣＯＶＩＤ対策のガス会社の話。",
    ),
    "ko": (
        "정부는 새 예산안을 국회에 제출했다.",
        "폭풍이 지나간 뒤 오래된 부두가 문을 닫았다.",
        "여객선은 봄에야 돌아온다고 시장이 말했다.",
        "농민 열두 명이 시장에서 치즈를 판다.",
        "북쪽에서 희토류를 캐낸다.",
        "새 다리에 대한 투표는 월요일에 있었다.",
        "한국은행이 금리를 3.5퍼센트로 올렸다.",
    ),
}
NAMES = ("Ada Holm", "Jörg Weiß", "Núria Roca", "Ольга Ёлкина", "ليلى حداد", "王小明", "山田太郎", "김영희")
UNSPACED = {"zh", "ja", "ko"}


class Asked(NamedTuple):
    """A search."""

    query: str
    where: Filter = EVERYTHING
    order: str = "relevance"
    unique: bool = False


def press() -> Iterator[tuple[str, Article, dt.datetime]]:
    """Each article with the source that it is of and the time at which it is read."""
    rng = random.Random(8)
    number = 0
    for code, sentences in SENTENCES.items():
        for n in range(EACH):
            number += 1
            slug = f"{code}-{n % 2}"
            at = NOON - dt.timedelta(hours=rng.randrange(24 * 900))
            yield slug, _article(code, slug, number, sentences, at, rng), at + dt.timedelta(minutes=5)


def _article(
    code: str, slug: str, number: int, sentences: tuple[str, ...], at: dt.datetime, rng: random.Random
) -> Article:
    drawn = rng.choices(sentences, k=rng.randrange(2, 12))
    said = [f"{drawn[0]} {number}.", *drawn[1:]]  # no two texts are the same
    name = rng.choice(NAMES)
    picture = Image(url="https://i.example/1", caption=rng.choice(sentences))
    return article(
        f"https://{slug}.example/{number}",
        headline=rng.choice(sentences) if rng.random() < 0.5 else None,
        description=rng.choice(sentences) if rng.random() < 0.3 else None,
        byline=name,
        bylines=(Byline(name=name, role=Role.WRITER),),
        blocks=paragraphs(*("".join(said[i : i + 3]) for i in range(0, len(said), 3))),
        images=(picture,) if rng.random() < 0.4 else (),
        keywords=("ports", code),
        date_published=None if rng.random() < 0.1 else Moment(value=at, raw="", origin=""),
        in_language=code if rng.random() < 0.8 else f"{code}-XX",
    )


def asked() -> list[Asked]:
    """What is looked for: words, phrases, beginnings, both, either, without; by source, day, author …"""
    rng = random.Random(200)
    return [one for code in SENTENCES for one in _of_language(code, rng)]


def _of_language(code: str, rng: random.Random) -> Iterator[Asked]:
    sentences = SENTENCES[code]

    def words(number: int) -> list[str]:
        if code in UNSPACED:
            text = rng.choice(sentences).rstrip("。.")
            cuts = sorted(rng.sample(range(len(text) - 4), number))
            return [text[cut : cut + rng.randrange(1, 4)].strip() or text[0] for cut in cuts]
        return rng.sample(rng.choice(sentences).rstrip(".").split(), number)

    def run() -> str:
        sentence = rng.choice(sentences)
        if code in UNSPACED:
            start = rng.randrange(len(sentence) - 6)
            return sentence[start : start + 6]
        parts = sentence.split()
        start = rng.randrange(len(parts) - 2)
        return " ".join(parts[start : start + 3])

    day = (NOON - dt.timedelta(days=rng.randrange(600))).date()
    author = rng.choice(NAMES)
    for _ in range(4):
        yield Asked(words(1)[0])
    for _ in range(3):
        yield Asked(f'"{run()}"')
    for joined in (" ", " OR ", " NOT ", " OR ", " "):
        yield Asked(joined.join(words(2)))
    yield Asked(f"{words(1)[0][:2]}*")
    yield Asked(f"({' OR '.join(words(2))}) -{words(1)[0]}")
    yield Asked("ports", Filter(language=code))
    yield Asked(" OR ".join(words(3)), Filter(source=f"{code}-1"))
    yield Asked(f'{words(1)[0]} OR "{run()}"', Filter(since=day))
    yield Asked(" OR ".join(words(3)), Filter(until=day), "date")
    yield Asked("ports", Filter(since=day, until=day + dt.timedelta(days=60), language=code), "date")
    yield Asked(" OR ".join(words(2)), Filter(author=author))
    yield Asked("ports", Filter(author=author[:3], language=code))
    yield Asked("ports", Filter(language=code), unique=True)
    yield Asked(words(1)[0], EVERYTHING, "date")
    yield Asked(f"ports {words(1)[0]}", Filter(source=f"{code}-0", language=code))
    yield Asked(" ".join((author.split()[0], words(1)[0])))
