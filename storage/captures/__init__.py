"""Raw bytes: the responses as they came over the wire, in WARC files.

writing    an exchange -> a record of a run's file -> `Capture`, its address
reading    a `Capture` -> the response, its hash checked; whole files, those of others, too
repair     what a killed process left behind
rows       the table of captures

Knows no Scrapy. A file is written by one process, which holds a lock on it and
calls it `….warc.gz.open` until it is whole.
"""
