"""``python -m crawler.demo --ports 8081 8082``: serve the newspaper until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
import threading

from crawler.demo.newspaper import Newspaper


def main() -> int:
    """Serve and wait; 0 after Ctrl-C, 1 where a port is taken."""
    parser = argparse.ArgumentParser(
        prog="python -m crawler.demo", description="Serve a fictional newspaper."
    )
    parser.add_argument(
        "--ports", type=int, nargs=2, default=(0, 0), metavar="PORT", help="default: free ones"
    )
    arguments = parser.parse_args()
    try:
        newspaper = Newspaper(ports=tuple(arguments.ports))
    except (OSError, OverflowError) as error:
        print(f"error: cannot serve on ports {arguments.ports}: {error}", file=sys.stderr)
        return 1
    with newspaper:
        for outlet in newspaper.outlets:
            print(f"{outlet.name}: {outlet.home_page}", flush=True)
        _until_interrupted()
    return 0


def _until_interrupted() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    raise SystemExit(main())
