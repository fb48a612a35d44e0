/* Elements from plain values: never from markup in a string. And the page's words and signs. */

/** @param {string} tag @param {object} props attributes, properties, or listeners as `onclick` */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (key in node && !key.includes("-")) node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

/** "Saved {at}." with { at: "10:42" }. */
export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");

/** A sign that the page holds in a template; decoration, the word beside it says the same. */
export function sign(name) {
  return document.getElementById(`sign-${name}`)?.content.cloneNode(true) ?? "";
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
export const copy = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
