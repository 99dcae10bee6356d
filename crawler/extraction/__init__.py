"""Read one page: bytes in, an `Article` and what the page is out. Pure."""
