// Sentences for scripts, translated by the server in <template id="script-texts">.
export function text(name, values = {}) {
  const sentence = document.getElementById("script-texts")?.dataset[name] ?? ""
  return Object.entries(values).reduce((done, [key, value]) => done.replaceAll(`{${key}}`, value), sentence)
}

// The visible marker beside a form. Screen readers hear it when it changes, so it never says the same thing twice.
export function marker(form, before) {
  let element = form.querySelector("[data-draft-status]")
  if (!element) {
    element = document.createElement("p")
    element.className = "draft-status"
    element.setAttribute("role", "status")
    element.dataset.draftStatus = ""
    before ? before.before(element) : form.prepend(element)
  }
  return (state, sentence) => {
    element.dataset.state = state
    if (element.textContent !== sentence) element.textContent = sentence
  }
}
