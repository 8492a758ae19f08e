// What was typed or pressed and has not reached the server: seen, tried again, saved to a file, thrown away. The list stands
// on its own page, and on any page while something waits: without a link no other page can be opened.
import { element, moment } from "./elements.js"
import { call, page, sessionState } from "./net.js"
import { DROPPED, KEPT, forget, keptUnder } from "./store.js"
import { text } from "./texts.js"

let list = null

// What waits, the newest first: { id, value, title, at, from, bytes }.
async function waiting() {
  const rows = [...(await keptUnder("queue|")), ...(await keptUnder("draft|"))]
  return rows
    .map(({ id, value, at }) => ({
      id,
      value,
      title: value.title || text("unsentForm"),
      at: value.at ?? at,
      from: value.from ?? "",
      bytes: new Blob([JSON.stringify(value)]).size,
    }))
    .sort((one, other) => other.at - one.at)
}

// A version before kept the answers alone.
const answersOf = (value) => value.fields ?? value

// What a counter reads again: the form, and each answer with what it was based on.
function fileOf({ id, value, title, at }) {
  const isPress = id.startsWith("queue|")
  const address = isPress ? new URL(value.action, location.href).pathname : id.slice("draft|".length)
  const fields = isPress ? {} : answersOf(value)
  const drafts = isPress ? value.fields.filter(([name]) => name === "draft").map(([, key]) => key) : []
  return { drafts, tirek: "unsent", version: 1, what: isPress ? "press" : "answers", title, address, at: new Date(at).toISOString(), fields }
}

function save(item) {
  const told = fileOf(item)
  const link = element("a")
  link.href = URL.createObjectURL(new Blob([JSON.stringify(told, null, 1)], { type: "application/json" }))
  link.download = `tirek-${told.at.slice(0, 16).replaceAll(":", "-")}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}

// Answers of a form that is open here are sent by the form itself; so is what was pressed.
const isAlive = ({ id }) =>
  id.startsWith("queue|") || document.querySelector(`[data-autosave-url="${CSS.escape(id.slice("draft|".length))}"]`)

async function again(item, say) {
  say("sending", text("sending"))
  const state = await sessionState()
  if (!state) return say("offline", text("unsentOffline"))
  if (!state.authenticated) return say("ended", text("signInToSend"))
  if (state.who !== (page.who ?? "")) return say("problem", text("otherPerson"))
  if (isAlive(item)) return dispatchEvent(new Event("online"))
  try {
    const fields = {}
    for (const [name, one] of Object.entries(answersOf(item.value))) {
      fields[name] = { value: one.value, base: one.base, age_ms: Date.now() - one.at }
    }
    const response = await call(item.id.slice("draft|".length), {
      method: "POST",
      body: JSON.stringify({ fields }),
      redirect: "manual",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": state.csrf },
    })
    const answer = await response.json().catch(() => ({}))
    // two answers to one question: the newest was kept, and the form shows both
    if (response.ok || (response.status === 409 && answer.conflicts)) return forget(item.id)
    say("problem", [answer.title, answer.detail].filter(Boolean).join(" ") || text("notSent"))
  } catch {
    say("offline", text("unsentOffline"))
  }
}

function button(words, item, act, isWarning) {
  const made = element("button", `govuk-button ${isWarning ? "govuk-button--warning" : "govuk-button--secondary"}`, words)
  made.type = "button"
  // which of several is meant, for who hears the page
  made.append(element("span", "govuk-visually-hidden", `: ${item.title}, ${moment(item.at)}`))
  made.addEventListener("click", act)
  return made
}

function entry(item) {
  const row = element("li", "unsent__item")
  const title = element("p", "govuk-body govuk-!-font-weight-bold", item.title)
  const size = Math.max(1, Math.round(item.bytes / 1024))
  const facts = element("p", "govuk-body", text("unsentFacts", { time: moment(item.at), size }))
  const acts = element("div", "govuk-button-group")
  const status = element("p", "unsent__status")
  status.setAttribute("role", "status")
  const say = (_state, words) => (status.textContent = words)
  const dropping = element("div", "govuk-button-group")
  dropping.hidden = true
  dropping.append(
    button(text("unsentDeleteNow"), item, () => drop(item), true),
    button(text("unsentKeep"), item, () => {
      dropping.hidden = true
      acts.hidden = false
      acts.lastChild.focus()
    }),
  )
  acts.append(
    button(text("unsentAgain"), item, () => again(item, say)),
    button(text("unsentSave"), item, () => save(item)),
    button(text("unsentDelete"), item, () => {
      acts.hidden = true
      dropping.hidden = false
      dropping.firstChild.focus()
    }),
  )
  row.append(title, facts)
  if (item.from && item.from !== location.href) {
    const way = element("p", "govuk-body")
    const link = element("a", "govuk-link", text("openForm"))
    link.href = item.from
    way.append(link)
    row.append(way)
  }
  row.append(status, acts, dropping)
  return row
}

async function drop(item) {
  await forget(item.id).catch(() => null)
  dispatchEvent(new CustomEvent(DROPPED, { detail: item.id }))
}

async function draw() {
  const items = await waiting().catch(() => [])
  const isPage = list.place.hasAttribute("data-unsent-page")
  list.place.hidden = !isPage && !items.length
  const shown = items.map((item) => `${item.id}|${item.at}`).join("\n")
  // what is being read or pressed is not drawn anew under the finger
  if (shown === list.shown) return
  list.shown = shown
  list.rows.replaceChildren(...items.map(entry))
  list.none.hidden = Boolean(items.length)
}

function begin(place) {
  list = { place, shown: null, rows: element("ul", "govuk-list unsent"), none: element("p", "govuk-body", text("unsentNone")) }
  place.append(list.none, list.rows)
  addEventListener(KEPT, () => draw())
  addEventListener(DROPPED, () => draw())
}

// The list under the page, closed, as soon as something waits.
export function offerUnsent() {
  if (list) return draw()
  const details = element("details", "govuk-details")
  details.hidden = true
  const summary = element("summary", "govuk-details__summary")
  summary.append(element("span", "govuk-details__summary-text", text("unsentSummary")))
  const inside = element("div", "govuk-details__text")
  details.append(summary, inside)
  document.getElementById("main-content").append(details)
  begin(details)
  inside.append(list.none, list.rows)
  return draw()
}

// The browser keeps the page that says without a connection what waits: as soon as something could. Nobody waits for it.
function keepOfflinePage() {
  if (!page.who || page.shared || !document.querySelector("[data-autosave-url], [data-queue-submit], [data-unsent-page]")) return
  navigator.serviceWorker?.register(`/not-sent/${document.documentElement.lang}.js`, { scope: "/not-sent" }).catch(() => null)
}

export async function startUnsent() {
  list = null
  keepOfflinePage()
  const place = document.querySelector("[data-unsent-page]")
  if (place) {
    place.querySelector("[data-without-script]")?.remove()
    begin(place)
    return draw()
  }
  const left = await keptUnder("").catch(() => [])
  if (left.some((item) => !isAlive(item) || item.id.startsWith("queue|"))) offerUnsent()
}
