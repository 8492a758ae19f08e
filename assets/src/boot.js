// Runs before the page is drawn: says that scripts work, so that nothing jumps when the rest arrives.
document.documentElement.classList.add("js-enabled", "govuk-frontend-supported")
