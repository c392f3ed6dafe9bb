import { createActions } from './actions';
import { loadConfig } from './config';
import { h, patch } from './dom';
import { customerOf, rememberedHolder } from './login/holder';
import { restore } from './login/log-in';
import { connectSimulator } from './simulator';
import { createMy } from './my/my';
import { createObservation } from './my/observation';
import { connectPhone } from './phone/connect-phone';
import { createPhone } from './phone/phone';
import { connectContent } from './premium/content';
import { createPremiumPanel } from './premium/panel';
import { connectPremiumServer } from './premium/server';
import { announcement } from './sections/announcement';
import { colophon } from './sections/colophon';
import { faults } from './sections/faults';
import { jumpLinks } from './sections/jump-links';
import { login } from './sections/login';
import { masthead } from './sections/masthead';
import { notifications } from './sections/notifications';
import { premium } from './sections/premium';
import { tokens } from './sections/tokens';
import { createAskBackend } from './session/ask-backend';
import { openFirebase } from './session/firebase';
import { createPaymentSheet } from './shop/payment-sheet';
import { createShop } from './shop/shop';
import { connectTikiPayments } from './shop/tiki-payments';
import { followSession } from './follow-session';
import { createStore, initialState, type Section, type State } from './state';
import { initialLanguage } from './language';
import { TEXTS } from './text/languages';

/** The sections of the page by the id of their element in index.html. */
const SECTIONS: Readonly<Record<string, Section>> = {
  masthead,
  'jump-links': jumpLinks,
  login,
  tokens,
  premium,
  notifications,
  faults,
  colophon,
  announcer: announcement,
};

/** Interval between two looks at the gates and at the phone, in ms. */
const LOOK_EVERY_MS = 1_000;

const now = () => performance.now();
const clock = () => Date.now();

/** Whether this part of the page is visible. */
function isInView(id: string): boolean {
  const box = document.getElementById(id)?.getBoundingClientRect();
  return !document.hidden && box !== undefined && box.top < innerHeight && box.bottom > 0;
}

async function start(): Promise<void> {
  const config = await loadConfig();
  const store = createStore(
    initialState(config, initialLanguage(), rememberedHolder(localStorage)),
    render,
  );
  const simulator = connectSimulator(config.simulatorOrigin);
  const observation = createObservation();
  const tikiPayments = connectTikiPayments(config.simulatorOrigin);
  const sheet = createPaymentSheet({
    customerId: () => customerOf(store.state.form)?.id,
    tiki: tikiPayments,
    show: (orderId) => {
      store.update({ sheet: orderId });
    },
  });
  const { my, show } = createMy({
    tiki: {
      customer: () => customerOf(store.state.form),
      issueAuthCode: (request) => simulator.issueAuthCode(request),
    },
    storage: localStorage,
    fetch: (...request) => fetch(...request),
    domain: location.origin,
    around: observation.around,
    pay: sheet.open,
  });
  const watching = { observation, simulator, now };
  const { firebase, run } = await restore(
    () =>
      openFirebase({
        my,
        domain: location.origin,
        projectId: config.projectId,
        language: () => store.state.language,
      }),
    watching,
  );
  const session = followSession(store, firebase, clock);
  const { firestore, premiumOrigin, fcmOrigin } = config;
  const panel =
    firestore.available && premiumOrigin !== undefined
      ? createPremiumPanel(store, {
          content: connectContent(firebase),
          server: connectPremiumServer(premiumOrigin),
          firebase,
          session,
          now,
          clock,
        })
      : undefined;
  const shop =
    panel &&
    createShop(store, {
      firebase,
      tiki: tikiPayments,
      changed: () => {
        panel.look();
      },
      now,
    });
  const phone =
    fcmOrigin === undefined ? undefined : createPhone(store, connectPhone(firebase, fcmOrigin));
  const actions = createActions(store, {
    ...watching,
    firebase,
    session,
    premium: panel,
    shop,
    sheet,
    phone,
    askBackend: createAskBackend(store, (...request) => fetch(...request)),
    showApp: show,
    storage: localStorage,
  });

  function render(state: State): void {
    document.documentElement.lang = state.language;
    document.title = TEXTS[state.language].title;
    for (const [id, section] of Object.entries(SECTIONS)) {
      const place = document.getElementById(id);
      const content = section(state, actions);
      if (place?.firstElementChild) patch(place.firstElementChild, content);
      else place?.append(content);
    }
  }
  await session.look();
  store.update({ login: run });
  // The sections had no content yet when the browser looked for the link's target.
  if (location.hash !== '') document.querySelector(':target')?.scrollIntoView();
  shop?.look();
  setInterval(() => {
    if (isInView('premium')) {
      panel?.watch();
      shop?.watch();
    }
    if (isInView('notifications')) phone?.watch();
  }, LOOK_EVERY_MS);
}

start().catch((error: unknown) => {
  // Without configuration there is no language: show the error itself.
  document.querySelector('main')?.prepend(h('p', { class: 'broken' }, String(error)));
});
