// The language switch keeps what is typed. Drafts are saved first; a form that is not a draft is filled in again on the
// page in the other language, in memory only.
import { covers, saveAll } from "./autosave.js"

const isTyped = (control) => {
  if (!control.name || ["hidden", "password", "submit", "button"].includes(control.type)) return false
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked
  if (control.options) return [...control.options].some((option) => option.selected !== option.defaultSelected)
  return control.type === "file" ? control.files.length > 0 : control.value !== control.defaultValue
}

function typed() {
  return [...document.forms]
    .filter((form) => form.method === "post" && !covers(form))
    .flatMap((form) => [...form.elements].filter(isTyped))
}

function fill(controls) {
  for (const old of controls) {
    const same = [...document.querySelectorAll(`[name="${CSS.escape(old.name)}"]`)]
    const fresh = ["checkbox", "radio"].includes(old.type) ? same.find((control) => control.value === old.value) : same[0]
    if (!fresh) continue
    if (old.type === "checkbox" || old.type === "radio") fresh.checked = old.checked
    else if (old.type === "file") fresh.files = old.files
    else if (old.type === "select-multiple") [...old.options].forEach((option, at) => (fresh.options[at].selected = option.selected))
    else fresh.value = old.value
  }
}

export function startLanguages(restart) {
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.addEventListener("click", async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      await Promise.race([saveAll(), new Promise((resolve) => setTimeout(resolve, 3000))])
      const controls = typed()
      if (!controls.length) return location.assign(link.href)
      try {
        const response = await fetch(link.href, { credentials: "same-origin" })
        if (!response.ok) throw new Error(response.status)
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html")
        document.title = fresh.title
        document.documentElement.lang = fresh.documentElement.lang
        document.body.replaceWith(document.adoptNode(fresh.body))
        fill(controls)
        restart()
        document.querySelector(".app-header__languages [aria-current]")?.setAttribute("tabindex", "-1")
        document.querySelector(".app-header__languages [aria-current]")?.focus()
      } catch {
        location.assign(link.href)
      }
    })
  }
}
