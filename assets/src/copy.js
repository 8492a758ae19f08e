// A button that copies what stands beside it: <button data-copy="…" data-copied="Copied" hidden>; its status tells.
export function startCopying() {
  if (!navigator.clipboard) return
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy)
      for (const other of document.querySelectorAll("[data-copy] + [role=status]")) other.textContent = ""
      button.nextElementSibling.textContent = button.dataset.copied
    })
  }
}
