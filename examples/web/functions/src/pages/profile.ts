import type { Reading } from '../as-user';
import { type Html, html } from '../html';
import { type LanguageChoice, linkTo } from '../language';
import type { PushSettings } from '../settings';
import { type Frame, layout } from './layout';

export interface Profile {
  readonly uid: string;
  readonly name: string | null;
  /** The user's document in `entitlements`. */
  readonly entitlement: Reading;
}

/**
 * @param now Epoch ms.
 * @param push Offers notifications; undefined where there are none.
 */
export function profilePage(
  frame: Frame,
  { uid, name, entitlement }: Profile,
  now: number,
  push?: PushSettings,
): Html {
  const { choice, assets } = frame;
  const texts = frame.texts.profile;
  return layout(frame, {
    path: '/profile',
    title: texts.title,
    scripts: [assets.profile, ...(push ? [assets.notifications] : [])],
    main: html`<main id="profile" class="page-width" data-home="${linkTo('/', choice)}">
      <h1>${name === null ? texts.title : texts.greeting(name)}</h1>
      <dl class="card facts">
        <div>
          <dt>${texts.id}</dt>
          <dd><code>${uid}</code></dd>
        </div>
        <div>
          <dt>${texts.premium}</dt>
          <dd>${premiumState(frame, entitlement, now)}</dd>
        </div>
      </dl>
      <p><a class="primary" href="${linkTo('/premium', choice)}">${texts.toPremium}</a></p>
      <p><a href="${linkTo('/receipts', choice)}">${texts.toReceipts}</a></p>
      ${push && notifications(frame, push)}
      <div class="sign-out">
        <button type="button" class="quiet" data-sign-out="here">${texts.signOut}</button>
        <button type="button" class="quiet" data-sign-out="everywhere">
          ${texts.signOutEverywhere}
        </button>
      </div>
      <p id="sign-out-failed" class="notice" role="alert" hidden>${texts.failed}</p>
    </main>`,
  });
}

/** Its script shows it, with what is for the state of this browser. */
function notifications({ texts }: Frame, push: PushSettings): Html {
  const { title, lead, turnOn, isOn, turnOff, denied, failed } = texts.notifications;
  return html`<section
    id="notifications"
    class="card"
    aria-labelledby="notifications-title"
    data-push="${JSON.stringify(push)}"
    hidden
  >
    <h2 id="notifications-title">${title}</h2>
    <div data-when="off" hidden>
      <p>${lead}</p>
      <button type="button" class="primary" data-turn="on">${turnOn}</button>
    </div>
    <div data-when="on" hidden>
      <p>${isOn}</p>
      <button type="button" class="quiet" data-turn="off">${turnOff}</button>
    </div>
    <p data-when="denied" hidden>${denied}</p>
    <p id="notifications-failed" class="notice" role="alert" hidden>${failed}</p>
    <p id="notification" class="notice" role="status" hidden></p>
  </section>`;
}

/** When premium ends, or has ended, in epoch ms; 0 for somebody who never had it. */
export function premiumEnd(entitlement: Reading): number {
  const until = entitlement.state === 'read' ? entitlement.fields['premiumUntil'] : 0;
  return typeof until === 'number' ? until : 0;
}

function premiumState({ texts, choice }: Frame, entitlement: Reading, now: number): Html {
  const { premiumUntil, notPremium, unknown } = texts.profile;
  const { state } = entitlement;
  // Everybody may read their own record, so a refusal is a fault of the rules.
  if (state === 'unavailable' || state === 'denied') {
    return html`<span class="premium" data-premium="unknown">${unknown}</span>`;
  }
  const until = premiumEnd(entitlement);
  return until > now
    ? html`<span class="premium" data-premium="yes">${premiumUntil(dateOf(until, choice))}</span>`
    : html`<span class="premium" data-premium="no">${notPremium}</span>`;
}

function dateOf(instant: number, { language }: LanguageChoice): string {
  return new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Asia/Ho_Chi_Minh',
  }).format(instant);
}
