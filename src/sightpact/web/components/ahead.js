/* Looks ahead: when a choice changes, asks our own server what it would do, and shows that beside it. Without script the
   button of the form does the same. */

import { swap } from "./swap.js";

const PAUSE_MS = 250;
const form = document.getElementById("choose");
const place = document.getElementById("after");
let timer = 0;
let asked = 0;

async function look() {
  const mine = ++asked;
  place.setAttribute("aria-busy", "true");
  try {
    const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    if (!response.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    swap(place, page.getElementById("after").innerHTML);
    history.replaceState(null, "", address);
  } finally {
    if (mine === asked) place.removeAttribute("aria-busy");
  }
}

if (form && place) {
  form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE_MS); });
}
