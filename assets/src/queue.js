// A submit pressed on a check page while the link is gone waits and goes when the link is back: once, and only for the
// person who pressed it. <form data-queue-submit>. The server knows the draft, so sending it twice changes nothing.
import { element } from "./elements.js"
import { call, missed, oneMore, page, renewTokens, retrying, sessionState } from "./net.js"
import { DROPPED, forget, keep, keepForGood, keptUnder } from "./store.js"
import { marker, text } from "./texts.js"
import { offerUnsent } from "./unsent.js"

const HOURS = 24
const watched = new Map()

class Submission {
  constructor(pressed, say) {
    this.pressed = pressed
    this.say = say
    this.retry = retrying(() => this.attempt())
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.waiting && this.attempt())
    addEventListener(DROPPED, (event) => event.detail === this.id && this.drop())
  }

  get id() {
    return `queue|${this.pressed.action}`
  }

  wait(state) {
    if (this.dropped) return
    this.waiting = true
    this.say(state === "queued" ? "queued" : "problem", text(state))
    this.retry.later()
    keepForGood()
    offerUnsent()
  }

  // Nobody answered: that is kept with it, and told when it gets through.
  lost() {
    if (this.dropped) return
    Object.assign(this.pressed, oneMore(this.pressed))
    keep(this.id, this.pressed).catch(() => false)
    this.wait("queued")
  }

  // Thrown away by hand: it is not sent any more.
  drop() {
    this.dropped = true
    this.waiting = false
    this.retry.done()
    this.say("ready", text("unsentDeleted"))
    this.refused?.()
  }

  async attempt() {
    if (this.running || this.dropped) return this.running
    this.waiting = false
    this.running = this.once().finally(() => (this.running = null))
    return this.running
  }

  async once() {
    this.say("sending", text("sending"))
    const state = await sessionState()
    if (this.dropped) return
    if (!state) return this.lost()
    if (this.pressed.who && !state.authenticated) return this.wait("signInToSend")
    if (state.who !== this.pressed.who) {
      await forget(this.id).catch(() => null)
      this.say("problem", text("otherPerson"))
      this.refused?.()
      return
    }
    renewTokens(state.csrf)
    const fields = this.pressed.fields.filter(([name]) => name !== "csrfmiddlewaretoken")
    const body = new URLSearchParams([...fields, ["csrfmiddlewaretoken", state.csrf]])
    try {
      const headers = { Accept: "application/json", ...missed(this.pressed) }
      const response = await call(this.pressed.action, { method: "POST", body, wait: 60000, headers })
      if (response.status === 502 || response.status === 504) return this.lost()
      if (response.status === 503) return this.wait("queued")
      await forget(this.id).catch(() => null)
      this.retry.done()
      this.answered(await receiptOf(response))
    } catch {
      this.lost()
    }
  }
}

// Where the receipt is: told in words for scripts, so that the page itself is loaded once. "" when the answer is no receipt.
async function receiptOf(response) {
  if (!response.ok) return ""
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) return response.redirected ? response.url : ""
  const told = await response.json().catch(() => ({}))
  return told.leads_to ?? ""
}

function fieldsOf(form, submitter) {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string")
  if (submitter?.name) fields.push([submitter.name, submitter.value])
  return fields
}

// What a list of waiting things calls it: the heading of the page.
const titleOf = () => document.querySelector("h1")?.textContent.trim() ?? ""

function watch(form) {
  let submission = null
  const say = marker(form, form.querySelector(".govuk-button-group, .govuk-button"))
  const start = (pressed) => {
    submission = new Submission(pressed, say)
    submission.refused = () => (submission = null)
    submission.answered = (receipt) => {
      if (receipt) return location.assign(receipt)
      // not a receipt: the browser asks again in its own way and shows what the server says
      submission = null
      form.dataset.sent = "true"
      form.requestSubmit()
    }
    return submission
  }
  form.addEventListener("submit", async (event) => {
    if (form.dataset.sent || form.querySelector("input[type=file]")) return
    event.preventDefault()
    if (submission) return
    const action = new URL(event.submitter?.getAttribute("formaction") ?? form.action, location.href).href
    start({ action, fields: fieldsOf(form, event.submitter), who: page.who ?? "", from: location.href, title: titleOf(), at: Date.now() })
    // kept before it is sent: a browser that dies in the middle goes on where it stopped
    await keep(submission.id, submission.pressed).catch(() => false)
    submission.attempt()
  })
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return
    submission = null
    delete form.dataset.sent
  })
  return { start, action: new URL(form.action, location.href).href }
}

export function watchQueue() {
  for (const form of document.querySelectorAll("form[data-queue-submit]")) {
    if (!watched.has(form)) watched.set(form, watch(form))
  }
}

// What was pressed on a page that is gone: on the same page again it goes on there, elsewhere in the background.
export async function replayQueue() {
  const left = await keptUnder("queue|").catch(() => [])
  for (const { id, value } of left) {
    if (Date.now() - value.at > HOURS * 3600000) {
      tellNotSent(value)
      await forget(id)
      continue
    }
    const form = [...watched.values()].find((candidate) => candidate.action === value.action)
    form ? form.start(value).attempt() : inTheBackground(value)
  }
}

// A line at the top of the page, for what was pressed on another one.
function lineAbove() {
  const line = element("div")
  document.getElementById("main-content").prepend(line)
  return line
}

function lead(line, href, words) {
  const link = element("a", "govuk-link", words)
  link.href = href
  line.append(link)
}

// The page that was waiting has been left: send all the same, and lead to the receipt.
function inTheBackground(pressed) {
  const line = lineAbove()
  const submission = new Submission(pressed, marker(line))
  submission.answered = (receipt) => {
    if (!receipt) return submission.say("problem", text("notSent"))
    // a success as pages tell it; the number stands in the address of the receipt
    line.replaceChildren(document.getElementById("script-texts").content.cloneNode(true))
    lead(line.querySelector("p+p"), receipt, `${text("openReceipt")} ${decodeURI(receipt).match(/[^/]+-\d{7}$|$/)}`)
  }
  submission.attempt()
}

// Too old to be sent without asking: the person was told that it would go, so the person is told that it did not.
function tellNotSent(pressed) {
  const line = lineAbove()
  marker(line)("problem", text("tooOld"))
  if (pressed.from) lead(line, pressed.from, text("openForm"))
}
