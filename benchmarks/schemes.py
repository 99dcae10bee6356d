"""Articles of one scheme: other stories in the same sentences, as newsrooms fill them in day by day.

Each scheme is a text with places that are filled in anew for every article. Most of the words of two
such articles are the same; they are no copies of each other.
"""

from __future__ import annotations

import random
import string
from collections.abc import Iterator

CITIES = "Halvern Ostrow Merrowby Skarholm Lindau Brestow Karlsby Norholt Fenwick Tarnes Ulmstad Weldon".split()
TEAMS = "Rovers United Wanderers Albion Athletic Rangers Harriers Town Celtic Thistle Vale Orient".split()
NAMES = "Holt Finch Merriweather Straum Ostby Greve Lindqvist Amari Novak Okafor Tanaka Rossi Petit Berg".split()
COMPANIES = "Nordsteel Aquila Helvex Primator Solvane Kestrel Omnicore Baltrans Verida Quantis Petrolan".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday".split()
TAGE = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag".split()
DIAS = "lunes martes miércoles jueves viernes sábado".split()
JOURS = "lundi mardi mercredi jeudi vendredi samedi".split()
SIGNS = "Aries Taurus Gemini Cancer Leo Virgo Libra Scorpio Sagittarius Capricorn Aquarius Pisces".split()
PLACES_JA = "札幌 仙台 東京 横浜 名古屋 大阪 神戸 広島 福岡 那覇".split()

WORDS = {
    "city": CITIES, "team": TEAMS, "name": NAMES, "firm": COMPANIES, "day": DAYS, "tag": TAGE, "dia": DIAS,
    "jour": JOURS, "sign": SIGNS, "ja": PLACES_JA,
    "moved": ["rose", "fell", "gained", "lost"], "stieg": ["stieg", "fiel", "gewann", "verlor"],
    "sky": ["cloudy", "sunny", "rainy", "windy", "foggy", "clear"],
    "wind": ["north", "south", "west", "east", "north-west", "south-east"],
    "himmel": ["heiter", "bewölkt", "regnerisch", "stürmisch", "neblig"],
    "cielo": ["nuboso", "despejado", "lluvioso", "ventoso"],
    "mood": ["patience", "money", "travel", "family", "health", "love", "work", "friendship"],
    "tenki": ["晴れ", "曇り", "雨", "雪", "曇り時々雨"],
    "road": ["A1", "A7", "B12", "B45", "M4", "E18", "E22", "L190"],
}  # fmt: skip

SCHEMES = {
    "market report": """
The main index in {city} {moved} {n}.{n} percent on {day} to close at {nnnn} points. Shares of {firm} led the list with a gain of {n}.{n} percent, while {firm} lost {n}.{n} percent and stood at {nn}.{n} crowns at the close.

Traders spoke of a quiet session. "Investors are waiting for the figures of {firm}, which are due on {day}," said {name}, an analyst at {firm}. The yield on ten-year government bonds stood at {n}.{nn} percent.

The euro was traded at {n}.{nnn} dollars in the late afternoon. A barrel of Brent crude cost {nn}.{nn} dollars, {nn} cents more than the day before. An ounce of gold was priced at {nnnn} dollars.

The index comprises the forty most valuable companies listed on the exchange and is calculated every fifteen seconds during trading hours. Past performance is no guide to the future, and nothing in this report is a recommendation to buy or to sell any security.
""",
    "market report, German": """
Der Leitindex der Börse in {city} {stieg} am {tag} um {n},{nn} Prozent auf {nnnn} Punkte. Größter Gewinner waren Aktien von {firm} mit einem Plus von {n},{n} Prozent, am Ende der Liste standen Papiere von {firm} mit minus {n},{n} Prozent.

Der Kurs des Euro lag am Abend bei {n},{nnnn} Dollar. Am Rentenmarkt fiel die Umlaufrendite auf {n},{nn} Prozent. Der Preis für ein Barrel der Nordseesorte Brent betrug {nn},{nn} Dollar.

Händler verwiesen auf die geringen Umsätze vor den Zahlen von {firm}. Der Analyst {name} sprach von einer Atempause nach der Rallye der vergangenen Wochen und rechnet bis Jahresende mit einem Stand von {nnnn} Punkten.

Der Index umfasst die vierzig größten an der Börse notierten Unternehmen und wird während der Handelszeit alle fünfzehn Sekunden berechnet. Die Angaben erfolgen ohne Gewähr.
""",
    "weather": """
{city} can expect a {sky} {day} with temperatures between {n} and {nn} degrees. The wind will come from the {wind} at {nn} kilometres an hour, with gusts of up to {nn} in exposed places.

In the evening it will turn {sky}, and the temperature will drop to {n} degrees by midnight. The chance of rain is {nn} percent. Sunrise is at 0{n}:{nn}, sunset at 1{n}:{nn}.

The outlook for the following days: {day} {sky} with up to {nn} degrees, {day} {sky} with up to {nn} degrees. The water temperature at the beach of {city} is {nn} degrees.
""",
    "weather warning": """
The weather service has issued a warning of {sky} conditions for {city} and its surroundings from {day}, 0{n}:{nn}, until {day}, 1{n}:{nn}. Gusts of up to {nn} kilometres an hour are expected from the {wind}.

Loose objects such as garden furniture and dustbins should be secured. Keep away from trees, scaffolding and overhead power lines. Close all windows and doors, and avoid staying out of doors where you can. Motorists should lower their speed and keep their distance from high-sided vehicles, since sudden gusts may push them out of their lane. Never drive or walk through flooded underpasses.

Warnings are given in four levels, of which yellow is the lowest and violet the highest. They are updated around the clock and can be read on the website of the weather service, heard on local radio and received as messages on mobile telephones.
""",
    "weather, Spanish": """
La jornada del {dia} en {city} será {cielo}, con temperaturas mínimas de {n} grados y máximas de {nn}. El viento soplará del este a {nn} kilómetros por hora, con rachas de hasta {nn}.

La probabilidad de lluvia es del {nn} por ciento. Para el {dia} se espera un cielo {cielo}, con máximas de {nn} grados, y para el {dia} un tiempo {cielo} con mínimas de {n} grados.

La temperatura del agua en las playas es de {nn} grados. El sol saldrá a las 0{n}:{nn} y se pondrá a las 1{n}:{nn}. Los datos proceden de la estación meteorológica y se actualizan cada hora.
""",
    "weather, Japanese": """
{ja}地方気象台によると、{n}月{nn}日の{ja}は{tenki}となり、最高気温は{nn}度、最低気温は{n}度の見込みです。降水確率は{nn}パーセントで、北の風が強く吹くところがあるでしょう。

{ja}の朝の気温は{n}度と、平年より{n}度高くなりました。日中は{tenki}で、夕方からは{tenki}となるでしょう。波の高さは{n}メートルの見込みです。

気象台は、急な天気の変化や落雷に注意するよう呼びかけています。外出の際は最新の気象情報を確認してください。
""",
    "market report, Japanese": """
{n}月{nn}日の東京株式市場で、日経平均株価は前日比{nnn}円{nn}銭高の{nnnnn}円{nn}銭で取引を終えた。東証株価指数は{nn}ポイント上昇し、{nnnn}ポイントとなった。出来高は{nn}億{nnnn}万株だった。

外国為替市場の円相場は午後五時現在、一ドル{nnn}円{nn}銭で取引された。長期金利の指標となる新発十年物国債の利回りは{n}.{nnn}パーセントだった。

市場関係者は、企業の決算発表を前に様子見の姿勢が広がったとみている。値上がりした銘柄は{nnnn}、値下がりは{nnn}だった。
""",
    "horoscope": """
{sign}: The stars turn your attention to {mood} this {day}. Do not put off what you have begun about {mood}, and listen to {sign} people around you. Your lucky number is {nn}, your hour is {n} o'clock.

Those born in the first ten days of the sign should think of {mood} before {mood}. For everybody else {day} brings good news about {mood}.

Horoscopes are written for entertainment. They cannot take the place of medical, legal or financial advice, and no responsibility is taken for decisions that are based on them. Readers who would like to have a personal chart can write to the editor.
""",
    "lottery": """
The winning numbers of the draw on {day} are {n}, 1{n}, 2{n}, 3{n}, 4{n} and {nn}; the bonus number is {n}. The jackpot of {nn}.{n} million crowns {moved} once more.

Prizes can be claimed within ninety days at any point of sale. Amounts of more than five thousand crowns are paid at the head office alone, on presentation of the ticket and a valid identity card. Tickets that are damaged or cannot be read will not be honoured. The lottery is open to persons of eighteen years and over. Gambling can be addictive: advice is given free of charge and in confidence by the helpline, day and night. The odds of winning the first prize are one in fourteen million. A quarter of the proceeds goes to sports clubs, museums and the care of historic buildings. All information is supplied without guarantee, and the official list of the lottery company alone is binding.
""",
    "match report": """
{city} {team} beat {city} {team} {n}-{n} on {day} in front of {nnnn} spectators. {name} opened the scoring in the {nn}th minute, and {name} added the second after a corner shortly before the break.

{city} {team} came out stronger for the second half but had to wait until the {nn}th minute, when {name} headed home a cross by {name}. Their coach {name} said after the match: "We gave it everything, but we made too many mistakes at the back."

With the win {city} {team} climb to {n}th place in the table with {nn} points, while {city} {team} stay {nn}th with {nn} points. Next {day} they meet {city} {team} away from home.

Referee: {name}. Yellow cards: {name}, {name}. Attendance: {nnnn}.
""",
    "earthquake bulletin": """
An earthquake of magnitude {n}.{n} was recorded {nn} kilometres {wind} of {city} on {day} at {nn}:{nn} local time, at a depth of {nn} kilometres, the seismological institute said. There were no immediate reports of damage or injuries.

The bulletin was produced automatically from measurements of the institute's network and checked by an editor before it was published. First values for place, depth and magnitude can change as the data of further stations come in. People who felt the quake can fill in a questionnaire on the institute's website; their answers help to estimate its effects.
""",
    "fuel prices, German": """
Autofahrer in {city} zahlen am {tag} für einen Liter Super E10 im Schnitt {n},{nnn} Euro, für Diesel {n},{nnn} Euro. Am günstigsten tankt man an der Station {name} in {city}, am teuersten bei {firm}.

Am billigsten ist Kraftstoff in der Regel zwischen {nn} und {nn} Uhr. Im Vergleich zur Vorwoche {stieg} der Preis für Diesel um {n},{n} Cent.

Der ADAC rät, die Preise vor dem Tanken mit einer der kostenlosen Apps zu vergleichen. Die Tankstellen sind verpflichtet, ihre Preise in Echtzeit an die Markttransparenzstelle zu melden. Dieser Text wurde auf der Grundlage dieser Daten automatisch erstellt und wird laufend aktualisiert.
""",
    "election results": """
{name} of the {team} party has won the constituency of {city} with {nn}.{n} percent of the vote, ahead of {name} with {nn}.{n} percent. Turnout was {nn}.{n} percent, compared with {nn}.{n} percent four years ago.

Of the {nnnnn} people entitled to vote {nnnnn} cast their ballot at {nn} polling stations. {nnn} ballot papers were invalid. {name} came third with {n}.{n} percent.

The results are provisional until the electoral committee has met. The constituency elects one member by simple majority. This article was generated from the figures of the returning officer and is updated when these change.
""",
    "road works": """
Drivers on the {road} have to expect delays between {city} and {city} from {day}. One lane will be closed for about {nn} days while {nnn} metres of the surface are renewed, the highways agency said. The work costs {n}.{n} million crowns.

A diversion by way of {city} and the {road} is signposted. Buses of line {nn} will not call at the stop in {city}. The agency asks all road users for their understanding and recommends that they allow more time for their journey.
""",
    "police report, German": """
Bei einem Unfall auf der {road} bei {city} ist am {tag} gegen {nn}.{nn} Uhr ein {nn} Jahre alter Mann verletzt worden. Wie die Polizei mitteilte, kam sein Wagen aus bislang ungeklärter Ursache von der Fahrbahn ab und prallte gegen einen Baum.

Der Mann wurde mit dem Rettungswagen in ein Krankenhaus nach {city} gebracht. Am Auto entstand ein Schaden von rund {nnnnn} Euro. Die {road} war für {n} Stunden gesperrt.

Zeugen, die Angaben zum Hergang machen können, werden gebeten, sich bei der Polizeiinspektion {city} unter der Telefonnummer 0{nnnn} {nnnnn} zu melden.
""",
    "air quality, French": """
La qualité de l'air à {city} sera moyenne ce {jour}, avec un indice de {n} sur 10. Les particules fines atteindront {nn} microgrammes par mètre cube, l'ozone {nn} microgrammes.

La situation doit évoluer {jour} avec un vent de {nn} kilomètres à l'heure. À {city}, la vitesse sera abaissée de {nn} kilomètres à l'heure sur la rocade.

Les personnes fragiles, les enfants et les personnes âgées doivent éviter les efforts intenses aux heures les plus chaudes de la journée. L'indice est calculé chaque jour à partir des mesures des stations fixes et d'un modèle de prévision.
""",
}  # fmt: skip


def articles(number: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """(scheme, text) of `number` articles of each scheme, no two of them filled in alike."""
    for scheme, text in SCHEMES.items():
        rng = random.Random(f"{seed} {scheme}")
        for _ in range(number):
            yield scheme, fill(text.strip(), rng)


def fill(text: str, rng: random.Random) -> str:
    """`text` with each place filled in: a word of its list, or as many digits as it has letters n."""
    return "".join(
        literal + (_value(field, rng) if field else "")
        for literal, field, _, _ in string.Formatter().parse(text)
    )


def _value(field: str, rng: random.Random) -> str:
    if field.strip("n"):
        return rng.choice(WORDS[field])
    return str(rng.randrange(10 ** (len(field) - 1), 10 ** len(field)))
