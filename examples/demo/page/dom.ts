/**
 * The page's view layer: builds elements, then patches the page to match them.
 *
 * Strings become text nodes, never markup, so that nothing sent by a server can run in the page.
 */

type Handler = (event: Event) => void;

/** Event handlers are properties, so that `patch` can replace them. */
const HANDLERS = ['onclick', 'oninput', 'onchange', 'onsubmit'] as const;

/** `false` and `undefined` omit an attribute; `true` sets it without a value. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined | Handler>>;

export type Child = Node | string | false | undefined;

function fill(element: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function' || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const name of HANDLERS) {
    const handler = attributes[name];
    if (typeof handler === 'function') handlersOf(element)[name] = handler;
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child);
}

/** HTML and SVG elements have these properties, but `Element` does not declare them. */
function handlersOf(element: Element): Record<(typeof HANDLERS)[number], Handler | null> {
  return element as Element & Record<(typeof HANDLERS)[number], Handler | null>;
}

/** An HTML element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  fill(element, attributes, children);
  return element;
}

/**
 * Updates `current` to match `next`. Keeps existing elements, and with them the focus, the caret and
 * running animations, unless their `data-key` differs.
 */
export function patch(current: Element, next: Element): void {
  if (current.tagName !== next.tagName || keyOf(current) !== keyOf(next)) {
    current.replaceWith(next);
    return;
  }
  patchAttributes(current, next);
  for (const name of HANDLERS) handlersOf(current)[name] = handlersOf(next)[name];
  if (current instanceof HTMLInputElement && next instanceof HTMLInputElement) {
    current.checked = next.checked;
    // Assigning even an equal value moves the caret.
    if (current.value !== next.value) current.value = next.value;
  }
  patchChildren(current, next);
}

function keyOf(element: Element): string | null {
  return element.getAttribute('data-key');
}

function patchAttributes(current: Element, next: Element): void {
  for (const { name } of [...current.attributes]) {
    if (!next.hasAttribute(name)) current.removeAttribute(name);
  }
  for (const { name, value } of [...next.attributes]) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
}

function patchChildren(current: Element, next: Element): void {
  const wanted = [...next.childNodes];
  wanted.forEach((node, position) => {
    const present = current.childNodes[position];
    if (!present) current.append(node);
    else if (present instanceof Element && node instanceof Element) patch(present, node);
    else if (present instanceof Text && node instanceof Text) {
      if (present.data !== node.data) present.data = node.data;
    } else present.replaceWith(node);
  });
  while (current.childNodes.length > wanted.length) current.lastChild?.remove();
}
