"""The one way to ask axe about a page: only what it objects to is brought over, which takes a third of the time.

No rule that is asked reads style sheets itself, and nobody reads selectors: neither is prepared.
"""

from typing import Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: What is demanded of every page.
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN: Final = """
async (tags) => {
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], preload: false, selectors: false,
  });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)}`));
}
"""


def violations(page: Page) -> list[str]:
    """What axe objects to on the page: the rule and the beginning of the element, one for each."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_RUN, TAGS)
    return found
