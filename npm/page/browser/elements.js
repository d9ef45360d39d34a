// Elements, made of texts alone: nothing here reads markup.
export const find = id => document.getElementById(id);

/** `attributes` that are undefined are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Puts these into an element, in place of what is there; one by one: a call has no room for a hundred thousand. */
export function fill(parent, children) {
  const all = document.createDocumentFragment();
  for (const child of children) all.append(child);
  parent.replaceChildren(all);
  return parent;
}

/** A picture of shapes; what svg.js writes is escaped, and is read as XML, which runs nothing. */
export function picture(text) {
  return document.importNode(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement, true);
}
