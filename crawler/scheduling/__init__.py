"""When to look, and one crawl from start to end."""
