"""Every setting: Scrapy's, as a polite news crawler needs them, and ours (ARCHIVE_…).

A setting is given, strongest first: on the command line (`-s NAME=VALUE`, or a
flag of `newsarchive`), in the environment (those named below), here.
"""

import os
from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("newsarchive")
except PackageNotFoundError:  # run from a checkout that is not installed
    VERSION = "0"


def is_on(text: str) -> bool:
    """Whether a person who wrote `text` wants something switched on."""
    return text.strip().lower() in ("1", "true", "yes", "on")


def user_agent(contact: str) -> str:
    """Who asks, why, and whom a site's operator can turn to."""
    return f"newsarchive/{VERSION} (news archive; contact: {contact or 'not given'})"


# -- ours -------------------------------------------------------------------

# A path, or the URL of a PostgreSQL database: the archive. NEWSARCHIVE_DATABASE, --database
ARCHIVE_DATABASE = os.environ.get("NEWSARCHIVE_DATABASE") or "archive.db"
# The list of sources. NEWSARCHIVE_SOURCES, --sources
ARCHIVE_SOURCES = os.environ.get("NEWSARCHIVE_SOURCES") or "sources.toml"
# Whether loopback and private addresses may be fetched. NEWSARCHIVE_ALLOW_PRIVATE=1, --allow-private
ARCHIVE_ALLOW_PRIVATE = is_on(os.environ.get("NEWSARCHIVE_ALLOW_PRIVATE", ""))
# Where a site's operator can reach you: a URL or e-mail address, sent with each request. NEWSARCHIVE_CONTACT
ARCHIVE_CONTACT = os.environ.get("NEWSARCHIVE_CONTACT") or ""
# Processes that read pages; 0 is one for each processor.
ARCHIVE_READERS = 0
# Seconds after which a page that is still being read is given up.
ARCHIVE_READ_SECONDS = 30
# From general sitemaps a crawl takes what is at most this many days old; the rest is written down and left.
ARCHIVE_SITEMAP_DAYS = 7
# Sitemaps read in one crawl of a source, those in indexes included.
ARCHIVE_SITEMAPS = 1_000
# Section pages asked in one crawl of a source.
ARCHIVE_SECTIONS = 40
# Pages of one section, following "next", as long as each names something new.
ARCHIVE_SECTION_PAGES = 5
# Days after which a source's home page is searched for feeds, sitemaps and sections again.
ARCHIVE_PROBE_DAYS = 7
# Largest feed or sitemap in bytes; DOWNLOAD_MAXSIZE is for pages.
ARCHIVE_ENDPOINT_MAXSIZE = 64 * 1024 * 1024
# Whether the raw bytes of each fetched page are kept. NEWSARCHIVE_CAPTURES=0 switches it off
ARCHIVE_CAPTURES = is_on(os.environ.get("NEWSARCHIVE_CAPTURES") or "1")
# Whether those of feeds, sitemaps and section pages are kept, too.
ARCHIVE_CAPTURE_ENDPOINTS = False
# Where they are kept; "" is beside the archive: archive.db -> archive-captures/ (of a database on a server:
# in the working directory). NEWSARCHIVE_CAPTURES_FOLDER
ARCHIVE_CAPTURES_FOLDER = os.environ.get("NEWSARCHIVE_CAPTURES_FOLDER") or ""
# Months after which `newsarchive prune` takes raw bytes away, where a source says nothing else; 0: never.
ARCHIVE_RAW_BYTES_MONTHS = 0
# Months after which it forgets the single attempts to fetch a URL; what became of the URL stays. 0: never.
ARCHIVE_ATTEMPT_MONTHS = 0
# Seconds that a Retry-After is waited for; beyond, the URL is left for the next crawl.
ARCHIVE_RETRY_AFTER_SECONDS = 120

# Whether pages that say "noarchive", or reserve text and data mining, are neither kept nor read.
ARCHIVE_OBEY_NOARCHIVE = False
ARCHIVE_OBEY_TDM = False
# Seconds after which the work of a process that has died or hangs is free for others.
ARCHIVE_LEASE_SECONDS = 60
# Seconds that a crawl waits for another one of the same source before it says so and ends.
ARCHIVE_WAIT_SECONDS = 60
# The scheduler: sources that are crawled side by side.
ARCHIVE_SOURCES_AT_ONCE = 16
# Seconds between two looks at what is due.
ARCHIVE_LOOK_SECONDS = 5
# The longest crawl of one source in seconds, and its most pages; what is left is taken by its next one.
ARCHIVE_RUN_SECONDS = 1_800
ARCHIVE_RUN_PAGES = 500
# The shortest and longest interval, in minutes, between two looks at an endpoint that answers.
ARCHIVE_CHECK_MIN_MINUTES = 5
ARCHIVE_CHECK_MAX_MINUTES = 720
# Looks for edits of the articles of one source in a day.
ARCHIVE_RECHECKS_A_DAY = 200

# Where pictures are kept, for sources that say so; empty: a folder beside the archive.
ARCHIVE_PICTURES_FOLDER = ""
# Largest picture in bytes.
ARCHIVE_PICTURE_MAXSIZE = 20 * 1024 * 1024
# Largest picture in pixels: it is unfolded to see whether it is whole, at some 4 bytes each.
ARCHIVE_PICTURE_MAXPIXELS = 50_000_000

# When a share of pages (without byline, blocked …) is so much larger than usual, that is an alarm.
ARCHIVE_ALARM_SHARE = 0.3
# How many times its longest usual silence a source may be silent.
ARCHIVE_ALARM_PATIENCE = 2.0
# Looks in a row in which no feed, sitemap or section page of a source answers.
ARCHIVE_ALARM_FAILED_LOOKS = 3
# Hours without a look at any source.
ARCHIVE_ALARM_IDLE_HOURS = 24
# Hours without an article of any source, where a day usually brings some.
ARCHIVE_ALARM_NOTHING_HOURS = 24
# Bytes that must be free where the archive lies.
ARCHIVE_ALARM_DISK_FREE = 2 * 1024 * 1024 * 1024
# Who is told: a URL that gets a POST of JSON for each alarm raised or cleared. NEWSARCHIVE_ALARM_WEBHOOK
ARCHIVE_ALARM_WEBHOOK = os.environ.get("NEWSARCHIVE_ALARM_WEBHOOK") or ""
# … e-mail addresses, with commas between them. NEWSARCHIVE_ALARM_MAIL_TO
ARCHIVE_ALARM_MAIL_TO = os.environ.get("NEWSARCHIVE_ALARM_MAIL_TO") or ""
# The address that those e-mails come from. NEWSARCHIVE_ALARM_MAIL_FROM
ARCHIVE_ALARM_MAIL_FROM = os.environ.get("NEWSARCHIVE_ALARM_MAIL_FROM") or "newsarchive@localhost"
# The server that sends them, as host:port. NEWSARCHIVE_SMTP_SERVER
ARCHIVE_SMTP_SERVER = os.environ.get("NEWSARCHIVE_SMTP_SERVER") or "localhost:25"
# Whether the connection to it must be encrypted (STARTTLS). NEWSARCHIVE_SMTP_STARTTLS=0
ARCHIVE_SMTP_STARTTLS = is_on(os.environ.get("NEWSARCHIVE_SMTP_STARTTLS") or "1")
# The name and password that it asks for. NEWSARCHIVE_SMTP_USER, NEWSARCHIVE_SMTP_PASSWORD
ARCHIVE_SMTP_USER = os.environ.get("NEWSARCHIVE_SMTP_USER") or ""
ARCHIVE_SMTP_PASSWORD = os.environ.get("NEWSARCHIVE_SMTP_PASSWORD") or ""
# How log lines are written: "text", or "json", an object a line. NEWSARCHIVE_LOG_FORMAT
ARCHIVE_LOG_FORMAT = os.environ.get("NEWSARCHIVE_LOG_FORMAT") or "text"

# -- Scrapy's ---------------------------------------------------------------

BOT_NAME = "newsarchive"
SPIDER_MODULES = ["crawler.spiders.news"]  # `probe` is no spider to be run by its name
NEWSPIDER_MODULE = "crawler.spiders"
USER_AGENT = user_agent(ARCHIVE_CONTACT)
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/feed+json;q=0.9,*/*;q=0.8",
}
ROBOTSTXT_USER_AGENT = "newsarchive"
ROBOTSTXT_OBEY = True

CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 3
# With no delay at all, Scrapy hands out all requests that come at once, whatever the limit for a host is.
DOWNLOAD_DELAY = 0.001
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.2
AUTOTHROTTLE_MAX_DELAY = 30
AUTOTHROTTLE_TARGET_CONCURRENCY = 2.0
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = 8
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the ledger tells it, once for each URL
RETRY_HTTP_CODES = [408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]
COOKIES_ENABLED = True  # consent pages and login redirects loop without them

# A response counts against this until its item is stored; a dozen pages that wait keep the readers busy.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 4 * 1024 * 1024
CONCURRENT_ITEMS = 2  # a callback yields one item; the default starts 100 tasks for each response

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the ledger says what is fetched
    "crawler.fetching.politeness.Robots": 100,
    "crawler.fetching.tdmrep.TdmFile": 110,
    "crawler.fetching.patience.Patience": 550,
    "crawler.fetching.guard.Guard": 560,  # every request passes it, new tries and robots.txt included
    "crawler.fetching.packing.MetaRefresh": 580,
    "crawler.fetching.packing.Unpacking": 590,
    "crawler.fetching.cookies.Cookies": 700,  # as Scrapy has its own
    "crawler.fetching.capture.CaptureMiddleware": 950,  # near the network: bodies are still packed
    "crawler.fetching.reservations.Reservations": 955,
    "crawler.fetching.hosts.HostGate": 970,  # nearest to it: what passes is sent
}
# The spider takes every answer, and names no requests whose depth and address are to be checked.
SPIDER_MIDDLEWARES = {
    f"scrapy.spidermiddlewares.{name}": None
    for name in (
        "httperror.HttpErrorMiddleware",
        "referer.RefererMiddleware",
        "urllength.UrlLengthMiddleware",
        "depth.DepthMiddleware",
    )
}
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "crawler.fetching.sending.PoliteHandler")
EXTENSIONS = {"crawler.fetching.politeness.CrawlDelay": 0}
# Scrapy's own that are of use here: it imports all that are named, even those switched off.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
TWISTED_DNS_RESOLVER = "crawler.fetching.guard.GuardedResolver"

# An item's way, in order.
ITEM_PIPELINES = {
    "pipelines.normalise.Normalise": 100,
    "pipelines.deduplicate.Deduplicate": 200,
    "pipelines.store.Store": 300,
    "pipelines.keep_pictures.KeepPictures": 400,
}
MEDIA_ALLOW_REDIRECTS = True  # a newspaper's pictures often lie elsewhere; each step passes the guards again
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {
    "json": "pipelines.feed_export.Json",
    "jsonl": "pipelines.feed_export.JsonLines",
    "jsonlines": "pipelines.feed_export.JsonLines",
    "csv": "pipelines.feed_export.Csv",
}

# The ledger knows what has been seen; Scrapy need not remember it a second time.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
# Both let others run code in this process.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "INFO"
LOG_FORMATTER = "crawler.spiders.log_lines.LogLines"
