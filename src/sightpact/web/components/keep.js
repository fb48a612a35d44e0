/* Asks the service worker to keep the switch on this device. Only on pages that say that they may be kept: on a device with
   its own start key. Registered once, for the switch's pages alone; push uses the same registration. */

const registered = "serviceWorker" in navigator && document.querySelector("[data-keep]")
  ? navigator.serviceWorker.register("/switch/sw.js", { scope: "/switch/", updateViaCache: "none" })
  : Promise.reject(new Error("not here"));

registered
  .then(() => navigator.serviceWorker.ready)
  .then((registration) => {
    if (!navigator.serviceWorker.controller) registration.active.postMessage({ keep: location.pathname + location.search });
    document.documentElement.dataset.offline = "kept";
  })
  .catch(() => { /* without it the switch works as any page does */ });
