/* "Tell me on this device": asks the browser, then sends what it gave as an ordinary form. Says why when the browser will not. */

const form = document.querySelector("form[data-push]");
const says = form?.querySelector("[data-says]");
const key = () => Uint8Array.from(atob(form.dataset.push.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

function say(name) { says.textContent = form.dataset[name]; says.hidden = false; }

async function active(registration) {
  if (registration.active) return registration;
  const worker = registration.installing ?? registration.waiting;
  await new Promise((done) => worker.addEventListener("statechange", () => { if (worker.state === "activated") done(); }));
  return registration;
}

async function agree() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) { say("cannot"); return; }
  if (await Notification.requestPermission() !== "granted") { say("refused"); return; }
  const registration = await active(await navigator.serviceWorker.register("/switch/sw.js", { scope: "/switch/", updateViaCache: "none" }));
  const old = await registration.pushManager.getSubscription();
  if (old) await old.unsubscribe(); // it may be of another server key
  const made = (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key() })).toJSON();
  form.elements.endpoint.value = made.endpoint;
  form.elements.p256dh.value = made.keys.p256dh;
  form.elements.auth.value = made.keys.auth;
  form.submit();
}

if (form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector("button").disabled = true;
    agree().catch(() => say("failed")).finally(() => { form.querySelector("button").disabled = false; });
  });
}
