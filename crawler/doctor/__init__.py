"""Is everything here that a crawl needs? Each check says what it found, and what to do where it is wrong."""
