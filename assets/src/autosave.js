// Saves a step as it is typed. <form data-autosave-url="/drafts/<id>/fields" data-field-versions='{"name": 3}'>
import { call, missed, oneMore, page, renewTokens, retrying, sessionState, token } from "./net.js"
import { DROPPED, forget, keep, keepForGood, kept } from "./store.js"
import { marker, text } from "./texts.js"
import { offerUnsent } from "./unsent.js"

const PAUSE = 2000
const drafts = new Map()

const isOurs = (control) =>
  control.name &&
  control.name !== "csrfmiddlewaretoken" &&
  !["password", "file", "hidden", "submit", "button", "image", "reset"].includes(control.type) &&
  !control.closest("[data-no-autosave]")

// Several values of one name are one text, a line each.
function valueOf(form, name) {
  return controlsOf(form, name)
    .flatMap((control) => {
      if (control.type === "checkbox" || control.type === "radio") return control.checked ? [control.value] : []
      if (control.type === "select-multiple") return [...control.selectedOptions].map((option) => option.value)
      return [control.value]
    })
    .join("\n")
}

function show(form, name, value) {
  const values = value.split("\n")
  for (const control of controlsOf(form, name)) {
    if (control.type === "checkbox" || control.type === "radio") {
      if (control.checked !== values.includes(control.value)) control.click()
    } else if (control.type === "select-multiple") {
      for (const option of control.options) option.selected = values.includes(option.value)
    } else {
      control.value = value
    }
  }
}

function controlsOf(form, name) {
  return [...form.elements].filter((control) => control.name === name && isOurs(control))
}

// A choice is shown by its label.
function inWords(form, name, value) {
  const words = value.split("\n").map((one) => {
    for (const control of controlsOf(form, name)) {
      const option = control.options && [...control.options].find((candidate) => candidate.value === one)
      if (option) return option.text
      if (control.labels?.length && ["radio", "checkbox"].includes(control.type) && control.value === one) {
        return control.labels[0].textContent.trim()
      }
    }
    return one
  })
  return words.join(", ").trim() || text("empty")
}

// While a finger is down nothing on the page moves: what it was put on would no longer be there when it lifts.
let pressed = null

const released = () => Promise.resolve(pressed?.promise)

function watchPresses() {
  addEventListener(
    "pointerdown",
    () => {
      if (pressed) return
      pressed = {}
      pressed.promise = new Promise((resolve) => (pressed.resolve = resolve))
    },
    true,
  )
  // The click comes right after.
  const lifted = () => {
    const one = pressed
    setTimeout(() => {
      if (pressed === one) pressed = null
      one?.resolve()
    })
  }
  for (const kind of ["pointerup", "pointercancel", "dragend"]) addEventListener(kind, lifted, true)
  addEventListener("blur", lifted)
}

class Draft {
  constructor(form) {
    this.form = form
    this.url = form.dataset.autosaveUrl
    this.versions = JSON.parse(form.dataset.fieldVersions || "{}")
    for (const control of form.elements) {
      if (control.dataset?.fieldVersion) this.versions[control.name] = Number(control.dataset.fieldVersion)
    }
    this.unsaved = new Map()
    this.settled = new Map()
    this.sending = null
    this.lastSent = 0
    this.timer = 0
    this.leaving = false
    this.state = "ready"
    this.say = marker(form, form.querySelector(".govuk-button-group, .govuk-button"))
    this.retry = retrying(() => this.flush())
    this.listen()
  }

  listen() {
    const typed = (event) => isOurs(event.target) && this.note(event.target.name)
    this.form.addEventListener("input", typed)
    this.form.addEventListener("change", typed)
    this.form.addEventListener("focusout", () => released().then(() => this.flush()))
    this.form.addEventListener("submit", (event) => this.submit(event))
    addEventListener("pagehide", () => this.leave())
    addEventListener("pageshow", () => (this.leaving = false))
    addEventListener("offline", () => this.unsaved.size && this.tell("offline"))
    addEventListener(DROPPED, (event) => event.detail === `draft|${this.url}` && this.drop())
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" || this.state === "ended") this.flush()
    })
  }

  note(name) {
    const value = valueOf(this.form, name)
    const before = this.unsaved.get(name)
    // Leaving a control repeats what is known: it must not look newer than it is.
    if ((before ? before.value : this.settled.get(name)) === value) return
    this.unsaved.set(name, { value, base: before?.base ?? this.versions[name] ?? 0, at: Date.now() })
    this.remember()
    if (!this.timer) this.timer = setTimeout(() => this.flush(), Math.max(0, this.lastSent + PAUSE - Date.now()))
  }

  // One write to the local store at a time; the last state wins.
  remember() {
    this.storing = (this.storing ?? Promise.resolve()).then(() =>
      this.unsaved.size ? keep(`draft|${this.url}`, this.toKeep()) : forget(`draft|${this.url}`),
    ).catch(() => false)
    return this.storing
  }

  toKeep() {
    const title = document.querySelector("h1")?.textContent.trim() ?? ""
    return { fields: Object.fromEntries(this.unsaved), from: location.href, title, at: Date.now() }
  }

  async restore() {
    const found = await kept(`draft|${this.url}`).catch(() => null)
    if (!found) return
    for (const [name, one] of Object.entries(found.fields ?? found)) {
      if (this.unsaved.has(name)) continue
      this.unsaved.set(name, one)
      show(this.form, name, one.value)
    }
    this.say("restored", text("restored"))
    await this.flush()
  }

  body(entries) {
    const fields = {}
    for (const [name, one] of entries) fields[name] = { value: one.value, base: one.base, age_ms: Date.now() - one.at }
    return JSON.stringify({ fields })
  }

  request(entries, keepalive = false) {
    return call(this.url, {
      method: "POST",
      body: this.body(entries),
      keepalive,
      redirect: "manual",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": token(this.form),
        ...missed(this.missed),
      },
    })
  }

  // Sends what is unsaved; true when nothing is left unsaved and nothing has to be decided.
  async flush() {
    clearTimeout(this.timer)
    this.timer = 0
    if (this.sending) await this.sending
    if (!this.unsaved.size) return !this.undecided()
    if (this.leaving) return false
    // Of several that waited one sends, the others wait for it.
    this.sending ??= this.send().finally(() => (this.sending = null))
    const saved = await this.sending
    if (saved && this.unsaved.size) this.timer ||= setTimeout(() => this.flush(), PAUSE)
    return saved && !this.unsaved.size
  }

  async send(isSecondTry = false) {
    const entries = [...this.unsaved]
    this.lastSent = Date.now()
    try {
      const response = await this.request(entries)
      await released()
      if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) {
        this.tell("ended")
        return !isSecondTry && (await this.resume())
      }
      this.missed = undefined
      return await this.understand(response, entries)
    } catch {
      this.missed = oneMore(this.missed)
      this.tell("offline")
      this.retry.later()
      return false
    }
  }

  async understand(response, entries) {
    const answer = await response.json().catch(() => ({}))
    const isConflict = response.status === 409 && answer.conflicts
    if (!response.ok && !isConflict) {
      this.say("problem", [answer.title, answer.detail].filter(Boolean).join(" ") || text("problem"))
      this.state = "problem"
      if (response.status >= 500 || response.status === 429) this.retry.later()
      return false
    }
    this.retry.done()
    Object.assign(this.versions, answer.fields)
    for (const [name, sent] of entries) {
      this.settled.set(name, sent.value)
      const now = this.unsaved.get(name)
      if (now?.at === sent.at && now.value === sent.value) this.unsaved.delete(name)
      else if (now) now.base = this.versions[name] ?? now.base
    }
    await this.remember()
    if (isConflict) {
      for (const [name, conflict] of Object.entries(answer.conflicts)) this.offer(name, conflict)
    }
    this.say(isConflict ? "conflict" : "saved", answer.saved_label || text("saved", { time: clock(answer.saved_at) }))
    this.state = isConflict ? "conflict" : "saved"
    return !isConflict
  }

  tell(state) {
    this.state = state
    this.say(state, text(state))
    keepForGood()
    offerUnsent()
  }

  // Thrown away by hand: it stays on the page, and is not sent until something is typed again.
  drop() {
    this.unsaved.clear()
    this.retry.done()
    this.say("ready", text("unsentDeleted"))
  }

  // The session is over, or its token is: with the same person signed in again elsewhere the saving goes on.
  async resume() {
    const state = await sessionState()
    if (!state || state.who !== (page.who ?? "")) return false
    renewTokens(state.csrf)
    return this.send(true)
  }

  // Two answers of one question stand on the page until one is chosen.
  undecided() {
    return this.form.querySelector("[data-conflict]")
  }

  offer(name, { kept, other, version }) {
    this.versions[name] = version
    this.settled.set(name, kept)
    if (!this.unsaved.has(name)) show(this.form, name, kept)
    const control = controlsOf(this.form, name)[0]
    if (!control) return
    const place = control.closest(".govuk-form-group") ?? control
    this.form.querySelector(`[data-conflict="${CSS.escape(name)}"]`)?.remove()
    const box = document.createElement("div")
    box.className = "conflict"
    box.dataset.conflict = name
    box.setAttribute("role", "alert")
    const words = document.createElement("p")
    words.textContent = text("conflict")
    const quote = document.createElement("blockquote")
    quote.textContent = inWords(this.form, name, other)
    const decide = (label, kind, act) => {
      const button = document.createElement("button")
      button.type = "button"
      button.className = `govuk-button govuk-button--secondary`
      button.dataset.decision = kind
      button.textContent = label
      button.addEventListener("click", () => {
        box.remove()
        if (!this.undecided()) this.state = "ready"
        control.focus()
        act()
      })
      return button
    }
    box.append(
      words,
      quote,
      decide(text("take"), "take", () => {
        show(this.form, name, other)
        this.unsaved.set(name, { value: other, base: this.versions[name], at: Date.now() })
        this.flush()
      }),
      " ",
      decide(text("keep"), "keep", () => this.say("saved", "")),
    )
    place.append(box)
  }

  // Continue goes on only when everything is saved; without a link the page stays and says so.
  async submit(event) {
    if (this.passing || event.defaultPrevented) return
    if (this.leaving || this.asked) return event.preventDefault()
    if (!this.unsaved.size && !this.undecided() && navigator.onLine) return this.left()
    event.preventDefault()
    this.asked = true
    const saved = await this.flush()
    this.asked = false
    if (this.undecided()) return this.undecided().querySelector("button").focus()
    if (!saved && ["offline", "ended"].includes(this.state)) return
    if (!navigator.onLine) return this.tell("offline")
    this.left()
    this.passing = true
    this.form.requestSubmit(event.submitter ?? undefined)
    this.passing = false
  }

  // A second click changes nothing; a page that stays (the answer was a file, or never came) can be sent again.
  left() {
    this.leaving = true
    setTimeout(() => (this.leaving = false), 3000)
  }

  leave() {
    if (!this.unsaved.size || this.leaving) return
    this.request([...this.unsaved], true).catch(() => null)
  }
}

function clock(moment) {
  const at = moment ? new Date(moment) : new Date()
  return at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Almaty" })
}

export async function saveAll() {
  const results = await Promise.all([...drafts.values()].map((draft) => draft.flush()))
  return results.every(Boolean)
}

export const covers = (form) => drafts.has(form)

watchPresses()

export function startAutosave() {
  for (const form of document.querySelectorAll("form[data-autosave-url]")) {
    if (drafts.has(form)) continue
    const draft = new Draft(form)
    drafts.set(form, draft)
    draft.restore()
  }
}
