"""What the processes that read pages have loaded before their first page; the fork server imports it once.

loaded  the code
warm    the code, and what its first page loads: tables, models
"""
