// What was typed for other acts of a page goes along with the one that is sent: when that is refused, the page comes back
// with all of it. <form data-act>; the names of their fields differ.
const ALONG = "data-goes-along"

function changed(control) {
  if (!control.name || ["hidden", "password", "file", "submit", "button"].includes(control.type)) return false
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked
  if (control.options) return [...control.options].some((option) => option.selected !== option.defaultSelected)
  return control.value !== control.defaultValue
}

function takeAlong(form) {
  form.querySelectorAll(`[${ALONG}]`).forEach((one) => one.remove())
  for (const other of document.querySelectorAll("form[data-act]")) {
    if (other === form || ![...other.elements].some(changed)) continue
    for (const [name, value] of new FormData(other)) {
      if (typeof value !== "string" || name === "csrfmiddlewaretoken") continue
      const field = document.createElement("input")
      Object.assign(field, { type: "hidden", name, value })
      field.setAttribute(ALONG, "")
      form.append(field)
    }
  }
}

export function startActs() {
  for (const form of document.querySelectorAll("form[data-act]")) form.addEventListener("submit", () => takeAlong(form))
}
