"""Scrapy spiders: `news` crawls a source or URLs, `probe` looks what a site offers."""
