"""What the command's exit code says."""

OK = 0
FAILED = 1  # a source could not be reached, a file not be read …
MISUSED = 2  # a flag, query, source or key is wrong
INTERRUPTED = 130  # Ctrl-C; what was under way is written down
