"""A picture of every page as people may find it: `python -m tests.browser.pictures DIR`, then look at DIR/index.html.

Each page is taken with data, with an empty store and with a store that is down, in light and dark, wide and on a phone.
Beside the pictures the run says what the browser complained of, which requests left the host, and what axe-core found.
"""

import argparse
import html
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from tests.browser.conftest import Visit, fetched_axe, violations
from tests.browser.running import CHROMIUM, FLAGS, free_port, seeded_store, served

PAGES = {
    "operations": "/",
    "process": "/process",
    "case": "/case?process=requisition_to_pay&id=R-100001",
    "sla": "/sla",
    "integrations": "/integrations",
    "data-quality": "/data-quality",
    "alerts": "/alerts",
    "spend": "/spend",
    "audit": "/audit",
    "dead-letters": "/dead-letters",
    "cases": "/cases?list=open",
    "exceptions": "/exceptions",
    "connect": "/connect",
    "explained": "/",
}
STATES, SCHEMES, WIDTHS = ("data", "empty", "down"), ("light", "dark"), {"wide": 1440, "phone": 390}
AXE_FOLDER = Path.home() / ".cache" / "flowglass" / "axe-core"


class Picture(NamedTuple):
    """One picture, the states of its cards, and what was wrong with the page."""

    name: str
    page: str
    state: str
    scheme: str
    width: str
    cards: dict[str, str]
    wrong: list[str]


def main(arguments: Sequence[str]) -> int:
    """Take the pictures; 1 when something was wrong on a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for name, known in (("page", tuple(PAGES)), ("state", STATES), ("scheme", SCHEMES), ("width", tuple(WIDTHS))):
        parser.add_argument(f"--{name}", action="append", choices=known, help="only these")
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    wanted = (asked.state or STATES, asked.scheme or SCHEMES, asked.width or tuple(WIDTHS))
    with ExitStack() as running:
        taken = list(take(asked.folder, running, asked.page or tuple(PAGES), wanted))
    (asked.folder / "index.html").write_text(gallery(taken), encoding="utf-8")
    (asked.folder / "pictures.json").write_text(
        json.dumps([one._asdict() for one in taken], indent=1), encoding="utf-8"
    )
    for one in taken:
        for wrong in one.wrong:
            print(f"{one.name}: {wrong}")
    print(f"{len(taken)} pictures in {asked.folder}, {sum(bool(one.wrong) for one in taken)} with something wrong")
    return int(any(one.wrong for one in taken))


def take(
    folder: Path, running: ExitStack, pages: Sequence[str], wanted: tuple[Sequence[str], ...]
) -> Iterator[Picture]:
    """The pictures, state by state."""
    axe = fetched_axe(AXE_FOLDER)
    scratch = Path(running.enter_context(tempfile.TemporaryDirectory()))
    store = running.enter_context(seeded_store(scratch / "store"))
    browser = running.enter_context(_chromium())
    bases = {"data": (store, "flowglass"), "empty": (store, "vacant"), "down": (f"http://127.0.0.1:{free_port()}", "x")}
    for state in wanted[0]:
        with served(*bases[state], scratch / "data") as base:
            for scheme, width in product(*wanted[1:]):
                context = browser.new_context(
                    viewport={"width": WIDTHS[width], "height": 900}, color_scheme=scheme, reduced_motion="reduce"
                )
                for page in pages:
                    if page != "explained" or state == "data":
                        yield _one(
                            folder,
                            Visit(context.new_page(), base),
                            Picture("", page, state, scheme, width, {}, []),
                            axe,
                        )
                context.close()


def _one(folder: Path, seen: Visit, plan: Picture, axe: str) -> Picture:
    name = f"{plan.page}-{plan.state}-{plan.scheme}-{plan.width}"
    wrong: list[str] = []
    try:
        seen.open(PAGES[plan.page])
    except TimeoutError as problem:
        wrong.append(str(problem))
    if plan.page == "explained":
        seen.page.locator("[data-figure]").first.click()
        seen.page.locator("#explain[open]").wait_for()
    _quiet(seen.page, lambda: violations(seen.page, axe), wrong)
    _tall(seen.page, WIDTHS[plan.width])
    seen.page.screenshot(path=folder / f"{name}.png", full_page=plan.page != "explained")
    wide = seen.page.evaluate("document.documentElement.scrollWidth")
    wrong += [f"{wide} pixels wide"] if wide > WIDTHS[plan.width] else []
    wrong += [f"left the host: {url}" for url in seen.outside]
    wrong += [one for one in seen.problems if not due(one, plan.state)]
    cards = seen.states()
    seen.page.close()
    print(name, f"{len(wrong)} wrong" if wrong else "", flush=True)
    return plan._replace(name=name, cards=cards, wrong=wrong)


def due(problem: str, state: str) -> bool:
    """Whether a complaint is what it should be: a store that is down is asked for again and again."""
    return state == "down" and "503" in problem


def _tall(page: Any, width: int) -> None:
    """A window as tall as the page, so that grids and charts draw what is below the fold."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(900, min(height, 12_000))})
    page.wait_for_timeout(900)


def _quiet(page: Any, look: Callable[[], list[str]], wrong: list[str]) -> None:
    """Add what axe-core finds once the page is drawn: a grid may have a row without its cells before."""
    found: list[str] = []
    for _ in range(4):
        page.wait_for_timeout(700)
        found = look()
        if not found:
            return
    wrong += [f"axe {line}" for line in found]


@contextmanager
def _chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def gallery(taken: Sequence[Picture]) -> str:
    """The page that shows all pictures with what was wrong."""
    parts = []
    for one in taken:
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in one.wrong)
        parts.append(
            f'<figure class="{one.width}"><a href="{one.name}.png"><img loading="lazy" src="{one.name}.png" alt=""></a>'
            f"<figcaption>{one.name}</figcaption><ul>{lines}</ul></figure>"
        )
    style = "body{font:14px sans-serif;display:flex;flex-wrap:wrap;gap:16px}img{width:100%}figure{margin:0;width:700px}"
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Pages of Flowglass</title>"
        f"<style>{style}.phone{{width:260px}}ul{{color:#b00}}</style><body>{''.join(parts)}</body></html>"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
