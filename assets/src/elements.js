// What scripts put on a page.
export function element(name, className, words) {
  const made = document.createElement(name)
  if (className) made.className = className
  if (words) made.textContent = words
  return made
}

export function moment(at) {
  const two = (number) => String(number).padStart(2, "0")
  const day = new Date(at)
  return `${two(day.getDate())}.${two(day.getMonth() + 1)}.${day.getFullYear()} ${two(day.getHours())}:${two(day.getMinutes())}`
}
