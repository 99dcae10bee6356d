"""The pages that a site has about itself, by their headings: imprint, contact, newsletter, subscription …"""

from __future__ import annotations

import re

from crawler.extraction.text import fold

# The whole heading, `fold`ed; each line is a language or a family of them.
HEADINGS = frozenset(
    fold(heading)
    for line in (
        "imprint, legal notice, about, about us, contact, contact us, advertise with us, jobs, careers, shop",
        "privacy policy, privacy notice, cookie policy, terms of use, terms of service, terms and conditions",
        "newsletter, newsletters, our newsletters, subscribe, subscription, subscriptions, log in, sign in",
        "impressum, über uns, kontakt, datenschutz, datenschutzerklärung, agb, nutzungsbedingungen, abo",
        "abonnement, anmelden, stellenmarkt, mediadaten",
        "mentions légales, qui sommes-nous, contactez-nous, à propos, conditions d’utilisation, s’abonner",
        "politique de confidentialité, abonnez-vous, offres d’emploi, nos newsletters",
        "aviso legal, quiénes somos, contacto, política de privacidad, condiciones de uso, suscríbete",
        "suscripciones, sobre nosotros, sobre nós, contato, contactos, termos de uso, assine",
        "chi siamo, contatti, abbonamenti, informativa sulla privacy, note legali, abbonati",
        "over ons, privacybeleid, algemene voorwaarden, abonneren, om oss, om os, kontakt oss, kontakta oss",
        "personvern, integritetspolicy, prenumerera, tietosuoja, tietosuojaseloste, yhteystiedot, tilaa",
        "o nas, regulamin, polityka prywatności, prenumerata, o nás, kontakty, předplatné, rólunk, kapcsolat",
        "о нас, контакты, реклама, подписка, политика конфиденциальности, про нас, контакти, за нас",
        "hakkımızda, künye, iletişim, gizlilik politikası, abonelik, επικοινωνία, ταυτότητα, όροι χρήσης",
        "会社概要, お問い合わせ, プライバシーポリシー, 利用規約, 購読案内, 特定商取引法に基づく表記",
        "关于我们, 联系我们, 隐私政策, 關於我們, 聯絡我們, 隱私權政策",
        "회사소개, 개인정보처리방침, 이용약관, 구독",
        "من نحن, اتصل بنا, سياسة الخصوصية, אודות, צור קשר, تماس با ما, درباره ما",
        "हमारे बारे में, संपर्क करें",
    )
    for heading in line.split(", ")
)
# "Imprint | The Courier": a title's first part.
_PARTS = re.compile(r"\s+[-–—|·•:»/]+\s+|\s*[|｜]\s*")


def is_headed_so(title: str, heading: str | None) -> bool:
    """Whether the page's title begins with such a heading, or its first heading is one."""
    return fold(_PARTS.split(title, maxsplit=1)[0]) in HEADINGS or fold(heading) in HEADINGS
