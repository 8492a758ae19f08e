// Tells what all of it costs while a size is chosen and the number is typed:
// <p data-total-of="quantity" data-each="20.00" data-free="Free for you" data-words="In all:"> <span data-told> …
// <strong data-total>.
const SPACE = "\u00a0"

// As the server writes it: "4 800 ₸", tiyn only where there are any.
export function tenge(amount, language) {
  const [whole, tiyn] = amount.toFixed(2).split(".")
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, SPACE)
  return `${grouped}${tiyn === "00" ? "" : (language === "en" ? "." : ",") + tiyn}${SPACE}₸`
}

export function startTotals() {
  for (const told of document.querySelectorAll("[data-total-of]")) {
    const form = told.closest("form")
    const total = told.querySelector("[data-total]")
    if (!form || !total) continue
    const tell = () => {
      const field = form.elements[told.dataset.totalOf]
      const typed = field ? field.value.replace(/\s/g, "") : "1"
      const number = /^\d{1,6}$/.test(typed) ? Number(typed) : 0
      const each = Number(form.querySelector("[data-each]:checked")?.dataset.each ?? told.dataset.each)
      total.hidden = !number
      told.querySelector("[data-told]").hidden = Boolean(number)
      const language = document.documentElement.lang
      total.textContent = each ? `${told.dataset.words} ${tenge(number * each, language)}` : told.dataset.free
    }
    form.addEventListener("input", tell)
    form.addEventListener("change", tell)
    tell()
  }
}
