/** @throws Error if the page has no such element: page and script are from different builds */
export function elementById(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no #${id}`);
  return element;
}

export function onClick(selector: string, listener: (button: HTMLElement) => void): void {
  for (const button of document.querySelectorAll<HTMLElement>(selector)) {
    button.addEventListener('click', () => {
      listener(button);
    });
  }
}
