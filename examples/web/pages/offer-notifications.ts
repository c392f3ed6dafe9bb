import type { Push, PushState } from 'tiki-firebase-web-session/push';
import { elementById, onClick } from './elements';

/** Offers notifications, and shows those that arrive while the page is open. */
export function offerNotifications(push: Push): void {
  const section = elementById('notifications');

  /** Shows what is for this state; nothing where notifications are impossible. */
  function show(state: PushState): void {
    const parts = [...section.querySelectorAll<HTMLElement>('[data-when]')];
    for (const part of parts) part.hidden = part.dataset['when'] !== state;
    section.hidden = parts.every(({ hidden }) => hidden);
  }

  function showOutcome(state: Promise<PushState>): void {
    const failed = elementById('notifications-failed');
    failed.hidden = true;
    state.then(show, (error: unknown) => {
      console.error(error);
      failed.hidden = false;
    });
  }

  showOutcome(push.state());
  // Asked only here: whoever refuses cannot be asked again.
  onClick('[data-turn="on"]', () => {
    showOutcome(push.turnOn());
  });
  onClick('[data-turn="off"]', () => {
    showOutcome(push.turnOff().then(() => push.state()));
  });

  push.onMessage(({ title, body, path }) => {
    const link = document.createElement('a');
    link.href = path;
    link.textContent = [title, body].filter(Boolean).join(' – ');
    const notification = elementById('notification');
    notification.replaceChildren(link);
    notification.hidden = false;
  });
}
