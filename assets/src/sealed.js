// The page that opens without a connection: what waits on this device, how long and how much. What it says only a page of
// whoever is signed in can open: here is no key.
import { element, moment } from "./elements.js"
import { KEPT, sealed } from "./store.js"
import { text } from "./texts.js"

function entry({ id, at, bytes }) {
  const row = element("li", "unsent__item")
  const words = text(id.startsWith("queue|") ? "unsentPress" : "unsentForm")
  const size = Math.max(1, Math.round(bytes / 1024))
  row.append(
    element("p", "govuk-body govuk-!-font-weight-bold", words),
    element("p", "govuk-body", text("unsentFacts", { time: moment(at), size })),
  )
  return row
}

async function draw() {
  const place = document.querySelector("[data-sealed-list]")
  const items = await sealed().catch(() => [])
  const list = element("ul", "govuk-list unsent")
  list.append(...items.map(entry))
  place.replaceChildren(items.length ? list : element("p", "govuk-body", text("unsentNone")))
}

addEventListener(KEPT, draw)
draw()
