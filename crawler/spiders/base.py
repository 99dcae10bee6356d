"""What every spider of ours does: say in each request whom a site's operator can turn to."""

from __future__ import annotations

from scrapy import Spider
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from crawler.settings import user_agent


class ArchiveSpider(Spider):
    """A spider whose user agent names the contact in the settings."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Put ARCHIVE_CONTACT into the user agent, unless somebody has chosen another one."""
        super().update_settings(settings)
        contact = settings["ARCHIVE_CONTACT"]
        if contact and settings.getpriority("USER_AGENT") == SETTINGS_PRIORITIES["project"]:
            settings.set("USER_AGENT", user_agent(contact), priority="spider")
