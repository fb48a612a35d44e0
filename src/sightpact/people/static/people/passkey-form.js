// Connects a form to a passkey ceremony: <form data-passkey="answer" data-options-url="..."> or
// <form data-passkey="make" ...>. On submit the credential goes into the hidden field, then the form to the server.
import { answer, make, supported } from "./passkey.js";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const says = form.querySelector("[data-says]");
  const button = form.querySelector("button");
  const tell = (text) => {
    says.textContent = text;
    says.hidden = !text;
  };
  button.disabled = false;
  if (!supported()) {
    button.disabled = true;
    tell(form.dataset.unsupported);
    continue;
  }
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    button.disabled = true;
    tell("");
    try {
      const asked = await options(form.dataset.optionsUrl);
      form.elements.credential.value = await (form.dataset.passkey === "make" ? make(asked) : answer(asked));
      form.submit();
    } catch (fault) {
      button.disabled = false;
      tell(fault.cause ?? (fault.name === "InvalidStateError" ? form.dataset.already : form.dataset.cancelled));
    }
  });
}

async function options(url) {
  const reply = await fetch(url, { headers: { Accept: "application/json" } });
  const body = await reply.json();
  if (!reply.ok) throw new Error("refused", { cause: body.error });
  return body;
}
