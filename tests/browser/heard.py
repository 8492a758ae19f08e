"""What a person with a screen reader hears of a page, as far as a program can judge it."""

import re
from typing import Final

from playwright.sync_api import Page

#: Runs in the page; answers what is wrong, one sentence each.
_LISTEN: Final = r"""
() => {
  const wrong = [];
  const shown = (node) => node.checkVisibility({checkVisibilityCSS: true})
    && !node.closest("[aria-hidden=true], [hidden], template, dialog:not([open])");
  const all = (selector, root = document) => [...root.querySelectorAll(selector)].filter(shown);
  const tidy = (text) => text.replace(/\s+/g, " ").trim();
  const words = (node) => {
    const labels = node.getAttribute("aria-labelledby");
    if (labels) return tidy(labels.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" "));
    if (node.getAttribute("aria-label")) return tidy(node.getAttribute("aria-label"));
    const copy = node.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true]").forEach((one) => one.remove());
    copy.querySelectorAll("img[alt]").forEach((one) => one.replaceWith(` ${one.alt} `));
    return tidy(copy.textContent);
  };

  const [page, ...rest] = document.title.split(" – ");
  if (!page.trim() || !rest.length) wrong.push(`title: ${document.title}`);
  const summary = document.querySelector(".govuk-error-summary");
  const marked = /^(Error:|Ошибка:|Қате:)/.test(document.title);
  if (Boolean(summary) !== marked) wrong.push(`title and summary of errors disagree: ${document.title}`);
  if (summary && !summary.contains(document.activeElement)) wrong.push("the summary of errors has no focus");
  for (const link of summary ? summary.querySelectorAll("a:not([href^=\"tel:\"])") : []) {
    const target = document.getElementById(link.hash.slice(1));
    if (!target || !target.matches("input, select, textarea, button"))
      wrong.push(`error without a field: ${link.textContent}`);
  }

  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1 && !heading.closest(".govuk-error-summary, .govuk-notification-banner"))
      wrong.push(`heading skips a level: ${words(heading)}`);
    if (!words(heading)) wrong.push("heading without words");
    if (!heading.closest(".govuk-error-summary, .govuk-notification-banner")) level = next;
  }

  const names = new Set();
  for (const nav of all("nav")) {
    const name = nav.getAttribute("aria-label") || nav.getAttribute("aria-labelledby");
    if (!name || names.has(name)) wrong.push(`navigation without a name of its own: ${name}`);
    names.add(name);
  }
  for (const one of ["main", "body > header", "body > footer"]) {
    if (all(one).length !== 1) wrong.push(`${all(one).length} of ${one}`);
  }

  const places = new Map();
  for (const link of all("main a[href]")) {
    const name = words(link).toLowerCase();
    if (!name) wrong.push(`link without words: ${link.href}`);
    // two drafts of one thing may be saved in the same minute; their names end with the time
    if (places.has(name) && places.get(name) !== link.href && !/\d\d:\d\d$/.test(name))
      wrong.push(`two places under one link: ${words(link)}`);
    places.set(name, link.href);
  }
  const acts = new Map();
  for (const button of all("main form button")) {
    const name = words(button).toLowerCase();
    const form = button.form.action + "?" + button.name + "=" + button.value;
    if (acts.has(name) && acts.get(name) !== form && !/\d\d:\d\d$/.test(name))
      wrong.push(`two acts under one button: ${words(button)}`);
    acts.set(name, form);
  }

  for (const table of all("table")) {
    if (!table.caption && !table.getAttribute("aria-label") && !table.getAttribute("aria-labelledby"))
      wrong.push("table without a caption");
    if (!table.querySelector("th[scope]")) wrong.push("table without headers");
  }
  for (const image of all("img:not([alt])")) wrong.push(`image without alt: ${image.src}`);
  for (const drawing of all("svg")) {
    if (drawing.getAttribute("role") !== "img")
      wrong.push(`drawing that is neither hidden nor an image: ${drawing.outerHTML.slice(0, 80)}`);
  }
  for (const link of document.querySelectorAll("a[hreflang]")) {
    if (link.lang !== link.hreflang) wrong.push(`language switch without lang: ${link.hreflang}`);
  }
  if (document.querySelector("[tabindex]:not([tabindex='0'], [tabindex='-1'])"))
    wrong.push("an order of focus of its own");

  const wanted = {code: "one-time-code", address: "street-address", phone: "tel"};
  for (const [name, purpose] of Object.entries(wanted)) {
    for (const field of all(`main input[name=${name}], main textarea[name=${name}]`)) {
      if (field.type !== "hidden" && ![purpose, "off"].includes(field.autocomplete))
        wrong.push(`${name}: autocomplete is "${field.autocomplete}"`);
    }
  }
  for (const field of all(
    "main input[name=iin], main input[name=code], main input[name$=_day], main input[name$=_year]",
  )) {
    if (field.type !== "hidden" && field.inputMode !== "numeric")
      wrong.push(`${field.name}: no digits on the keyboard of a phone`);
  }
  for (const field of all("main input:not([type=hidden]), main select, main textarea")) {
    const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
    for (const id of described) if (!document.getElementById(id))
      wrong.push(`${field.name} is described by nothing: ${id}`);
  }
  return wrong;
}
"""
_NO_WORDS: Final = re.compile(r"^\W*$")


def misheard(page: Page) -> list[str]:
    """What a person who listens would stumble over."""
    found: list[str] = page.evaluate(_LISTEN)
    if _NO_WORDS.match(page.title()):
        found.append("no title")
    return found
