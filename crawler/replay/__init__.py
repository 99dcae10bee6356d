"""Stored pages read again, and pages that others have stored taken in: no network, the same judgement.

judging      a stored response -> what crawler.judging makes of it; in a worker
side_by_side many of these at once, in constant memory
reextract    the archive's own captures, for today's extractor
comparison   what that would change: by source and field, with examples
foreign      WARC files of others, and lists of saved pages
take_in      what they hold, into the ledger and the archive
"""
