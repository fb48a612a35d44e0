/* The reader's colours: kept in this browser, set before anything is painted. Without script: paper light, console dark grey. */
(() => {
  const root = document.documentElement;
  const surface = root.dataset.surface;
  const key = `sightpact-theme-${surface}`;
  const stored = () => { try { return localStorage.getItem(key); } catch { return null; } };
  const wanted = () => stored() ?? (surface === "paper" && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "");
  const show = () => {
    const theme = wanted();
    if (theme && theme !== "light" || surface === "console" && theme) root.dataset.theme = theme; else delete root.dataset.theme;
    const current = theme || (surface === "paper" ? "light" : "");
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === current));
    }
  };
  show();
  addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll("[data-themes]")) group.hidden = false;
    show();
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-theme-choice]");
      if (!button) return;
      try { localStorage.setItem(key, button.dataset.themeChoice); } catch { /* private window: for this page only */ }
      show();
    });
  });
})();
