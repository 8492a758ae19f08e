/*! Tirek, Apache-2.0. Holds parts of GOV.UK Frontend, MIT, (c) Crown Copyright (Government Digital Service). */
(()=>{document.documentElement.classList.add("js-enabled","govuk-frontend-supported");})();
