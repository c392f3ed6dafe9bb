/* global document, DOMParser */
// Runs in Chromium, where it draws a page's txml with the page's data, as HTML.

const ELEMENTS = { view: 'div', text: 'span', image: 'img' };

/** The value of an expression in braces; its names are fields of `scope`. */
function evaluate(expression, scope) {
  return new Function(...Object.keys(scope), `return (${expression});`)(...Object.values(scope));
}

function textOf(template, scope) {
  return template.replace(/\{\{(.*?)\}\}/g, (_, expression) => evaluate(expression, scope));
}

/** An attribute's value: of any type if it is a single expression. */
function valueOf(template, scope) {
  const [, expression] = /^\{\{(.*)\}\}$/.exec(template) ?? [];
  return expression === undefined ? textOf(template, scope) : evaluate(expression, scope);
}

function drawElement(element, scope, parent) {
  const name = element.tagName;
  if (name === 'block') {
    drawAll(element.childNodes, scope, parent);
    return;
  }
  const drawn = document.createElement(ELEMENTS[name] ?? name);
  const given = [...element.attributes].filter((attribute) => !/^(tiki:|on)/.test(attribute.name));
  for (const { name: attribute, value: template } of given) {
    const value = valueOf(template, scope);
    if (name === 'textarea' && attribute === 'value') drawn.value = value;
    else if (value !== false) drawn.setAttribute(attribute, value);
  }
  drawAll(element.childNodes, scope, drawn);
  parent.append(drawn);
}

/** Draws siblings, of which `tiki:if`, `tiki:elif` and `tiki:else` choose one. */
function drawAll(nodes, scope, parent) {
  let isChosen = false;
  for (const node of nodes) {
    if (node.nodeType === 3) parent.append(textOf(node.data, scope));
    if (node.nodeType !== 1) continue;
    const condition = node.getAttribute('tiki:if') ?? node.getAttribute('tiki:elif');
    if (node.hasAttribute('tiki:if')) isChosen = false;
    if (condition !== null || node.hasAttribute('tiki:else')) {
      if (isChosen || (condition !== null && !valueOf(condition, scope))) continue;
      isChosen = true;
    }
    const list = node.getAttribute('tiki:for');
    const scopes = list === null ? [scope] : valueOf(list, scope);
    for (const item of scopes)
      drawElement(node, list === null ? scope : { ...scope, item }, parent);
  }
}

/** Called by main.ts. */
globalThis.drawPage = (title, txml, data) => {
  // XML wants a value for each attribute, no plain "&", and a namespace for each prefix.
  const complete = txml.replace(/ tiki:else(?=[\s>])/g, ' tiki:else=""').replace(/&/g, '&amp;');
  const parsed = new DOMParser().parseFromString(
    `<page xmlns:tiki="tiki">${complete}</page>`,
    'text/xml',
  );
  const error = parsed.querySelector('parsererror');
  if (error) throw new Error(error.textContent);
  const phone = document.createElement('section');
  const bar = document.createElement('header');
  bar.append(title);
  phone.append(bar);
  drawAll(parsed.documentElement.childNodes, data, phone);
  document.body.append(phone);
};
