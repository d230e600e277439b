"""What changed, version by version: as a page, and as a feed for those who wait for the next."""

import re
import uuid
from datetime import datetime
from pathlib import Path

from pipeline import report
from pipeline.pages import data
from pipeline.pages.page import filled

CHANGES = Path("CHANGELOG.md")
VERSION = re.compile(
    r'<h2 id="v[^"]+">(?P<number>[\d.]+) \((?P<day>[^)]+)\)</h2>(?P<text>.*?)(?=<h2 |</main>)', re.S
)


def write(folder: Path, lang: str = "en") -> None:
    """Set the log of changes as `versions.html`, in which every version leads to its pages once
    there is an address for them, and as `feed.xml`."""
    data.check(CHANGES)
    work, page = report.read(), data.text_page(CHANGES, "versions", 2)
    found = [
        known.groupdict()
        | {
            "date": datetime.strptime(known["day"], "%d %B %Y").date(),
            "id": uuid.uuid5(uuid.NAMESPACE_URL, f"{work.name}/{known['number']}"),
        }
        for known in VERSION.finditer(page)
    ]
    if work.base:
        leads = rf'<h2 id="v\1"><a href="{work.base}/\1/">\1</a>'
        page = re.sub(r'<h2 id="v([\d.]+)">\1', leads, page)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "versions.html").write_text(page, encoding="utf-8")
    feed = filled("feed.xml", work, lang, versions=found)
    (folder / "feed.xml").write_text(feed, encoding="utf-8")
