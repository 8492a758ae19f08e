// Talking to our own server. A call that got no answer at all throws; everything else is an answer.
export const WAIT = 15000

export function call(url, options = {}) {
  return fetch(url, {
    credentials: "same-origin",
    cache: "no-store",
    ...options,
    signal: options.keepalive || !AbortSignal.timeout ? undefined : AbortSignal.timeout(options.wait ?? WAIT),
  })
}

export const page = document.documentElement.dataset

// Who is signed in now: { authenticated, who, csrf, seconds_left, shared }; null when there is no link. One question
// after the other: two at once without a cookie are given two, and the token of one does not fit the cookie of the other.
export function sessionState() {
  asked = asked.then(askForState)
  return asked
}

let asked = Promise.resolve()

async function askForState() {
  try {
    const response = await call("/session/state", { headers: { Accept: "application/json" }, wait: 8000 })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}

// After signing in again in another tab every form of this page gets the token of the new session.
export function renewTokens(csrf) {
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = csrf
}

export function token(form) {
  return (form ?? document).querySelector("input[name=csrfmiddlewaretoken]")?.value ?? ""
}

// What got no answer at all is told with the next try that gets through: how often, and for how many seconds.
export const oneMore = ({ tries = 0, since = Date.now() } = {}) => ({ tries: tries + 1, since })
export const missed = ({ tries, since } = {}) =>
  tries ? { "X-Tirek-Unanswered": `${tries};${Math.round((Date.now() - since) / 1000)}` } : {}

// Waits longer each time, from five seconds to half a minute; the return of the link ends the wait.
export function retrying(attempt) {
  let timer = 0
  let pause = 5000
  const again = () => {
    clearTimeout(timer)
    timer = 0
    attempt()
  }
  addEventListener("online", () => timer && again())
  return {
    later() {
      clearTimeout(timer)
      timer = setTimeout(again, pause)
      pause = Math.min(pause * 1.5, 30000)
    },
    done() {
      clearTimeout(timer)
      timer = 0
      pause = 5000
    },
  }
}
