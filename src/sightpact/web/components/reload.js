/* Loads the page again, unless it is being left already: whoever signs out goes where the form leads, not back to this page's sign-in. */

const LEFT_MS = 5000; // a download begins like a farewell, and the page stays

let leaving = false;
addEventListener("beforeunload", () => {
  leaving = true;
  setTimeout(() => { leaving = false; }, LEFT_MS);
});

/** What this page shows is no longer so, or no longer for this reader: ask for it whole. */
export function reload() { if (!leaving) location.reload(); }
