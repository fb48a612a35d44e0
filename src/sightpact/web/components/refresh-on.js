/* Asks again for a part of the page when its topic was told: [data-refresh-on="topic"][data-from="/address/"].
   A page that missed the news asks when it is looked at again. */

import { reload } from "./reload.js";
import { swap } from "./swap.js";

const parts = document.querySelectorAll("[data-refresh-on]");

async function ask(part) {
  try {
    const response = await fetch(part.dataset.from, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (response.redirected) reload();
    else if (response.ok) swap(part, await response.text());
  } catch { /* the line that tells when something was last heard says it */ }
}

document.addEventListener("news", (event) => {
  for (const part of parts) if (event.detail.topics.includes(part.dataset.refreshOn)) ask(part);
});
