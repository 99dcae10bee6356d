"""The `newsarchive` command: one module a group of commands, imported when it is used."""

from crawler.cli.app import app, main

__all__ = ["app", "main"]
