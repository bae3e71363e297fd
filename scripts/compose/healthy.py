"""Exit 0 when a health address answers, and says healthy of the component named, if one is."""

from __future__ import annotations

import json
import sys
import urllib.request


def main(url: str, component: str = "") -> int:
    """Ask once; 1 when there is no answer or another one."""
    try:
        with urllib.request.urlopen(url, timeout=15) as answer:  # noqa: S310 - compose names the url
            status = json.load(answer)[component]["status"] if component else "healthy"
    except (OSError, ValueError, KeyError) as error:
        print(f"{url}: {error!r}")
        return 1
    print(f"{component or url}: {status}")
    return 0 if status == "healthy" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
