// Tells what all of it costs while the number is typed: <p data-total-of="quantity" data-each="20.00"> … <strong data-total>.
const SPACE = "\u00a0"

// As the server writes it: "4 800 ₸", tiyn only where there are any.
export function tenge(amount, language) {
  const [whole, tiyn] = amount.toFixed(2).split(".")
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, SPACE)
  return `${grouped}${tiyn === "00" ? "" : (language === "en" ? "." : ",") + tiyn}${SPACE}₸`
}

export function startTotals() {
  for (const told of document.querySelectorAll("[data-total-of]")) {
    const field = told.closest("form")?.elements[told.dataset.totalOf]
    const total = told.querySelector("[data-total]")
    if (!field || !total) continue
    const tell = () => {
      const typed = field.value.trim()
      const number = /^\d{1,6}$/.test(typed) ? Number(typed) : 0
      total.hidden = !number
      total.querySelector("span").textContent = tenge(number * Number(told.dataset.each), document.documentElement.lang)
    }
    field.addEventListener("input", tell)
    tell()
  }
}
