"""Fetching politely and safely: downloader middlewares, a resolver, and what failures mean."""
