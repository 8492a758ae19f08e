// Warns before a session ends and keeps it on request. The server is asked before anything is said: another tab may
// have kept the session meanwhile.
import { saveAll } from "./autosave.js"
import { call, page, renewTokens, sessionState, token } from "./net.js"

const WARNING = 300
const LAST_SAVE = 20

export function startSession() {
  const dialog = document.getElementById("session-dialog")
  if (!dialog || !page.sessionSecondsLeft) return
  const part = (name) => dialog.querySelector(`[data-${name}]`)
  const timeLeft = part("time-left")
  const spoken = part("spoken")
  const stay = part("stay")
  const signIn = part("sign-in")
  let endsAt = Date.now() + Number(page.sessionSecondsLeft) * 1000
  let timer = 0
  let over = false

  const left = () => Math.round((endsAt - Date.now()) / 1000)
  const schedule = () => {
    clearTimeout(timer)
    // a timer can count to 24 days only; sessions are shorter, but a computer may sleep, so look at least every minute
    if (!over) timer = setTimeout(look, Math.max(250, Math.min(left() - WARNING, 60) * 1000))
  }
  const extend = (seconds) => {
    endsAt = Date.now() + seconds * 1000
    if (seconds > WARNING && dialog.open) dialog.close()
  }

  async function look() {
    if (!dialog.isConnected) return
    if (left() > WARNING) return schedule()
    if (!dialog.open || left() <= 0) {
      const state = await sessionState()
      if (state?.authenticated && state.who === page.who && state.seconds_left > 0) {
        renewTokens(state.csrf)
        extend(state.seconds_left)
        if (state.seconds_left > WARNING) return schedule()
      } else if (state || left() <= 0) {
        return end()
      }
    }
    if (!dialog.open) dialog.showModal()
    countDown()
  }

  function countDown() {
    clearTimeout(timer)
    if (!dialog.open) return schedule()
    const seconds = left()
    if (seconds <= 0) return look()
    if (seconds <= LAST_SAVE && !countDown.saved) {
      countDown.saved = true
      saveAll()
    }
    const sentence = seconds < 60 ? timeLeft.dataset.seconds : timeLeft.dataset.minutes.replace("{n}", Math.ceil(seconds / 60))
    if (timeLeft.textContent !== sentence) {
      // the first sentence is read with the dialog; later ones are announced
      if (timeLeft.textContent) spoken.textContent = sentence
      timeLeft.textContent = sentence
    }
    timer = setTimeout(countDown, 1000)
  }

  async function keepSession() {
    try {
      const response = await call("/session/keep", { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token() } })
      if (!response.ok) return look()
    } catch {
      return countDown()
    }
    const state = await sessionState()
    extend(state?.seconds_left ?? Number(page.sessionSecondsLeft))
    if (dialog.open) dialog.close()
    countDown.saved = false
    schedule()
  }

  async function end() {
    over = true
    clearTimeout(timer)
    const saved = await saveAll()
    dialog.querySelector("#session-title").textContent = dialog.dataset.endedTitle
    dialog.querySelector("#session-text").textContent = saved ? dialog.dataset.endedText : dialog.dataset.endedUnsaved
    stay.hidden = true
    signIn.hidden = false
    if (!saved) signIn.target = "_blank"
    if (!dialog.open) dialog.showModal()
    signIn.focus()
  }

  stay.addEventListener("click", keepSession)
  dialog.addEventListener("cancel", (event) => {
    if (over) return
    event.preventDefault()
    keepSession()
  })
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible" || !dialog.isConnected) return
    if (!over) return look()
    const state = await sessionState()
    if (state?.who !== page.who) return
    // signed in again in another tab: this page goes on
    over = false
    renewTokens(state.csrf)
    extend(state.seconds_left)
    if (dialog.open) dialog.close()
    schedule()
  })
  schedule()
}
