// A button that prints the page: <button data-print hidden>. Without scripts the hint beside it says how.
export function startPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false
    button.addEventListener("click", () => window.print())
    for (const hint of document.querySelectorAll("[data-print-hint]")) hint.hidden = true
  }
}
