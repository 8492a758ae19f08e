// Draws the diagrams of the process pages with the Mermaid beside this file; nothing is fetched from elsewhere.
document.addEventListener("DOMContentLoaded", () => {
  window.mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: "neutral" });
  window.mermaid.run({ querySelector: "pre.mermaid code, div.mermaid" });
});
