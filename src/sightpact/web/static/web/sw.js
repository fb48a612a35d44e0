/* The switch's service worker: keeps the switch's own pages on an enrolled device, so that they open without a network.
   Network first, always; what is kept is shown when there is none, and says so. It sends nothing by itself, and keeps nothing
   else: no picture, no sharing, no list of people. A device whose key was taken back forgets its pages when it is online again.
   Served as /switch/sw.js (scope /switch/) together with sw-push.js, which hears what is pushed. */

const PREFIX = "sightpact-switch-";
const ASSETS = `${PREFIX}assets-1`;
const PAGES = `${PREFIX}pages-1`;
const OFFLINE = "/switch/offline/";
const RUNNING = "/switch/offline/?running=1";
const PATIENCE_MS = 3000; // a page that is not there by then is shown from what is kept
const FRESH_MS = 3600000; // a kept page of a kind of emergency is renewed no more often
const MOST_KINDS = 24;
const SHELL = [
  ...["tokens.css", "console.css", "switch.css", "theme.js", "mark.svg"].map((name) => `/static/web/${name}`),
  ...["switch.js", "keep.js", "swap.js", "age.js", "news.js", "alert-line.js"].map((name) => `/static/components/web/${name}`),
  "/static/third_party/public-sans-latin-wght-normal.woff2",
];

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (typeof event.data?.keep === "string") event.waitUntil(keep(new URL(event.data.keep, location.origin)));
});
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith("/switch/")) event.respondWith(page(event, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(event));
});

async function install() {
  const [assets, pages] = await Promise.all([caches.open(ASSETS), caches.open(PAGES)]);
  await Promise.all([...SHELL.map((path) => put(assets, path)), put(pages, OFFLINE), put(pages, RUNNING)]);
  await self.skipWaiting();
}

async function put(cache, path) {
  const response = await fetch(path, { cache: "reload" });
  if (response.ok) await cache.put(path, response);
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== ASSETS && name !== PAGES);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

const isChoice = (url) => url.pathname === "/switch/"; // where school and kind are chosen and confirmed
const within = (promise) => Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error("late")), PATIENCE_MS))]);

async function page(event, url) {
  const asked = fetch(event.request);
  try {
    const response = await within(asked);
    if (response.status >= 500) return await kept(url) ?? response;
    if (isChoice(url) && response.type === "basic") event.waitUntil(remember(url, response.clone()));
    return response;
  } catch {
    return await kept(url) ?? asked;
  }
}

async function keep(url) {
  if (isChoice(url)) await remember(url, await fetch(url));
}

/** Keep a page that says of itself that it may be kept, and the pages of the kinds that it names. */
async function remember(url, response) {
  if (response.redirected || (!response.ok && response.status !== 403)) return; // something runs, or the server has a fault: no news
  const pages = await caches.open(PAGES);
  const html = response.ok ? await response.clone().text() : "";
  if (!html.includes("data-keep")) {
    for (const request of await pages.keys()) if (isChoice(new URL(request.url))) await pages.delete(request);
    return;
  }
  await pages.put(url.pathname + url.search, response);
  if (url.searchParams.has("emergency")) return;
  const kinds = [...html.matchAll(/href="(\?[^"]*emergency=[^"]*)"/g)].map((hit) => hit[1].replaceAll("&amp;", "&"));
  for (const search of kinds.slice(0, MOST_KINDS)) {
    const known = await pages.match(`/switch/${search}`);
    if (known && Date.now() - Date.parse(known.headers.get("date")) < FRESH_MS) continue;
    const kind = await fetch(`/switch/${search}`);
    if (kind.ok && !kind.redirected && (await kind.clone().text()).includes("data-keep")) await pages.put(`/switch/${search}`, kind);
  }
}

/** What is kept for this address, and says that it is; never another school's page in its place. */
async function kept(url) {
  const pages = await caches.open(PAGES);
  const found = isChoice(url) ? await pages.match(url.pathname + url.search) : undefined;
  const shown = found ?? await pages.match(isChoice(url) ? OFFLINE : RUNNING);
  if (!shown) return undefined;
  const html = (await shown.text()).replace("<body", '<body data-kept="yes"');
  return new Response(html, { headers: shown.headers });
}

async function asset(event) {
  const assets = await caches.open(ASSETS);
  const path = new URL(event.request.url).pathname;
  const asked = fetch(event.request);
  try {
    const response = await within(asked);
    if (response.ok && SHELL.includes(path)) event.waitUntil(assets.put(path, response.clone()));
    return response;
  } catch {
    return await assets.match(path) ?? asked;
  }
}
