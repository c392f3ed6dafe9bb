import { type Html, html } from '../html';
import { linkTo } from '../language';
import type { Settings } from '../settings';
import { type Frame, layout } from './layout';

/** Customers of the Tiki simulator: an ordinary one, and one whose id no JavaScript number can hold. */
const CUSTOMERS = [
  { id: '27051990', name: 'Trần Thu Hà' },
  { id: '9007199254740993', name: 'Phạm Ngọc Ánh' },
];

/**
 * The page for signed-out visitors.
 *
 * @param fromApp The Tini App opened it: its script waits for the app's code, and shows progress from
 *   the first moment instead of a page for strangers.
 */
export function signInPage(frame: Frame, settings: Settings, fromApp: boolean): Html {
  const { texts, choice, assets } = frame;
  const { title, lead, signingIn, failed, noScript } = texts.signIn;
  const { simulatorOrigin, tiniAppOrigin } = settings;
  return layout(frame, {
    path: '/',
    title,
    scripts: [...(tiniAppOrigin === undefined ? [] : [assets.tiniApp]), assets.signIn],
    main: html`<main
      id="sign-in"
      class="page-width"
      data-state="${fromApp ? 'signing-in' : 'waiting'}"
      data-next="${linkTo('/profile', choice)}"
      data-tini-app="${tiniAppOrigin}"
      data-simulator="${simulatorOrigin}"
    >
      <div class="when-signing-in">
        <p class="spinner" aria-hidden="true"></p>
        <h1>${signingIn}</h1>
      </div>
      <div class="when-waiting">
        <h1>${title}</h1>
        <p class="lead">${lead}</p>
        ${simulatorOrigin !== undefined && customers(frame)}
      </div>
      <p class="notice when-failed" role="alert">${failed}</p>
      <noscript><p class="notice">${noScript}</p></noscript>
    </main>`,
  });
}

function customers({ texts }: Frame): Html {
  return html`<section class="card" aria-labelledby="customers">
    <h2 id="customers">${texts.signIn.customers}</h2>
    ${CUSTOMERS.map(
      ({ id, name }) =>
        html`<button type="button" class="customer" data-customer="${id}" data-name="${name}">
          <span>${name}</span> <code>${id}</code>
        </button>`,
    )}
  </section>`;
}
