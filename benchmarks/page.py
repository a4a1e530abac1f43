"""Look at report pages in a real Chromium: sizes, what they load, overflow, accessibility, pictures.

    python benchmarks/page.py BUNDLE... [--axe axe.min.js] [--out PICTURES] [--top 1500]

Each bundle's `report.html` is opened 320, 640 (1280 at 200 % zoom) and 1280 pixels wide, in light and in
dark. With `--axe` (the file of npm's axe-core, brought into the page with its policy off, every `details`
open) its findings are listed; the exit status is 1 if there are any, or anything was loaded, refused or wider than
its window. With `--out` a picture of each is left there, of the upper `--top` pixels.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from browser import Browser, Tab, chromium, executable

WIDTHS = (320, 640, 1280)
SCHEMES = ("light", "dark")
RUN_AXE = """
axe.run({resultTypes: ["violations"]}).then(found => JSON.stringify(found.violations.map(
  each => [each.id, each.impact, each.nodes.length, each.nodes[0].html.slice(0, 160)])))
"""


def findings(tab: Tab, axe: str) -> list[list[str]]:
    """What axe-core has to say."""
    tab.ask("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    tab.ask(axe)
    found: list[list[str]] = json.loads(tab.ask(RUN_AXE))
    return found


def look(browser: Browser, page: Path, name: str, axe: str, out: Path | None, top: int | None) -> int:
    """Print a line per width and scheme; how many things are wrong."""
    wrong = 0
    print(f"{name}: {page.stat().st_size:,} bytes")
    for width in WIDTHS:
        for scheme in SCHEMES:
            tab = browser.open(page, width, scheme)
            bad = [f"loads {url}" for url in tab.loaded()[1:]] + tab.complaints()
            if overflow := tab.overflow():
                bad.append(f"{overflow} px wider than its window")
            if out is not None:
                tab.picture(out / f"{name}-{width}-{scheme}.png", top)
            if axe:
                bad += map(str, findings(browser.open(page, width, scheme, policy=False), axe))
            wrong += len(bad)
            print(f"  {width:>5} {scheme:<5}  {'; '.join(bad) or 'nothing wrong'}")
    return wrong


def main() -> int:
    """Look at every bundle given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundles", nargs="+", type=Path)
    parser.add_argument("--axe", type=Path, help="axe.min.js of npm's axe-core")
    parser.add_argument("--out", type=Path, help="folder for pictures")
    parser.add_argument("--top", type=int, help="pixels of the page's height that are pictured (default: all)")
    given = parser.parse_args()
    program = executable()
    if program is None:
        parser.error("no Chromium here (Debian: apt-get install chromium)")
    axe = given.axe.read_text(encoding="utf-8") if given.axe else ""
    if given.out:
        given.out.mkdir(parents=True, exist_ok=True)
    with chromium(program) as browser:
        wrong = sum(
            look(browser, bundle / "report.html", bundle.name, axe, given.out, given.top) for bundle in given.bundles
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
