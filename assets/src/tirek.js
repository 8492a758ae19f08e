// The script of every page. Everything here only adds to pages that work without it.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs"
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs"
import { Checkboxes } from "govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs"
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs"
import { NotificationBanner } from "govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs"
import { Radios } from "govuk-frontend/dist/govuk/components/radios/radios.mjs"
import { ServiceNavigation } from "govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs"
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs"
import { createAll } from "govuk-frontend/dist/govuk/init.mjs"

import { startActs } from "./acts.js"
import { saveAll, startAutosave } from "./autosave.js"
import { startCopying } from "./copy.js"
import { startLanguages } from "./language.js"
import { page } from "./net.js"
import { startPrinting } from "./print.js"
import { replayQueue, watchQueue } from "./queue.js"
import { startSession } from "./session.js"
import { forgetOld, wipe } from "./store.js"
import { startTotals } from "./total.js"
import { startUnsent } from "./unsent.js"

// Browsers have no marks of their own for Kazakh numbers and write "2,000", which is two to a reader; ours are the Russian ones.
class CountedText extends CharacterCount {
  constructor(root, config) {
    super(root, config)
    if (this.i18n.locale === "kk") {
      this.i18n.locale = "ru"
      this.updateCountMessage()
    }
  }
}

const COMPONENTS = [Button, CountedText, Checkboxes, ErrorSummary, NotificationBanner, Radios, ServiceNavigation, SkipLink]

// Signing out leaves nothing behind in this browser.
function startSignOut() {
  for (const form of document.querySelectorAll("form[data-wipes-store]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault()
      const enough = new Promise((resolve) => setTimeout(resolve, 3000))
      await Promise.race([saveAll().then(wipe), enough])
      form.submit()
    })
  }
}

// A form without an address is sent to that of the page; with the mark of the skip link in it the browser would move the
// focus of the answer to the main part, away from the summary of errors.
function startSkipLink() {
  const link = document.querySelector(".govuk-skip-link")
  link?.addEventListener("click", () => {
    setTimeout(() => history.replaceState(history.state, "", location.pathname + location.search))
  })
}

// The whole page comes alive: when it is opened, and when another language has taken its place.
function enhance() {
  for (const component of COMPONENTS) {
    createAll(component, undefined, { onError: (error) => error.name === "InitError" || console.error(error) })
  }
  startActs()
  startAutosave()
  startCopying()
  startPrinting()
  startTotals()
  watchQueue()
}

function start() {
  document.body.classList.add("js-enabled", "govuk-frontend-supported")
  enhance()
  replayQueue()
  startUnsent()
  startSession()
  startSkipLink()
  startSignOut()
  startLanguages(start)
}

if ("wipeStore" in page) {
  wipe().finally(start)
} else {
  start()
  // after the queue has been read: what is too old to be sent is told first
  forgetOld().catch(() => null)
}
