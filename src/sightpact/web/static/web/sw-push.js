/* What the switch's service worker hears by push. Served behind sw.js as one script, /switch/sw.js.
   A locked screen is public: it shows the bare words that came, no place and no kind of emergency. Details follow the sign-in. */

self.addEventListener("push", (event) => {
  let said = {};
  try { said = event.data?.json() ?? {}; } catch { /* not ours: say the least */ }
  const title = said.title || "Sightpact has news for you";
  const options = {
    body: "Sign in to see more.", tag: said.topic || "sightpact", renotify: !said.quiet, requireInteraction: !said.quiet,
    icon: "/static/web/icons/icon-192.png", data: { url: said.url || "/told/", token: said.token || "" },
  };
  event.waitUntil(self.registration.showNotification(title, options));
});

/* The tap is the acknowledgement: it goes out with the notice's own token, with no sign-in, and then the page opens. */
self.addEventListener("notificationclick", (event) => {
  const { url, token } = event.notification.data ?? {};
  event.notification.close();
  const seen = token ? fetch(`/told/seen/${encodeURIComponent(token)}/`, { method: "POST", credentials: "omit" }).catch(() => undefined) : undefined;
  const path = new URL(url || "/told/", location.origin);
  event.waitUntil(Promise.all([seen, path.origin === location.origin ? self.clients.openWindow(path.href) : undefined]));
});
