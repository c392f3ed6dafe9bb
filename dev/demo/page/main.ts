import { createActions } from './actions';
import { loadConfig } from './config';
import { h, patch } from './dom';
import { connectFirebase } from './login/firebase';
import { connectSimulator } from './login/simulator';
import { connectContent } from './premium/content';
import { createPremiumPanel } from './premium/panel';
import { connectPremiumServer } from './premium/server';
import { NOTHING_SEEN } from './premium/story';
import { announcement } from './sections/announcement';
import { colophon } from './sections/colophon';
import { faults } from './sections/faults';
import { login } from './sections/login';
import { masthead } from './sections/masthead';
import { premium } from './sections/premium';
import { tokens } from './sections/tokens';
import { createStore, type Section, type State } from './state';
import { initialLanguage } from './text/language';
import { TEXTS } from './text/texts';

/** Every part of the page, by the id of the element in index.html that it fills. */
const SECTIONS: Readonly<Record<string, Section>> = {
  masthead,
  login,
  tokens,
  premium,
  faults,
  colophon,
  announcer: announcement,
};

/** Between two looks at the gates, in ms. */
const LOOK_EVERY_MS = 1_000;

/** Whether a person sees this part of the page now. */
function isInView(id: string): boolean {
  const box = document.getElementById(id)?.getBoundingClientRect();
  return !document.hidden && box !== undefined && box.top < innerHeight && box.bottom > 0;
}

async function start(): Promise<void> {
  const config = await loadConfig();
  const store = createStore(
    {
      language: initialLanguage(),
      config,
      form: {
        choice: 'everyday',
        typedId: '',
        typedName: '',
        scopes: ['user_profile', 'offline'],
      },
      login: undefined,
      tokens: undefined,
      rawTokensShown: false,
      premium: NOTHING_SEEN,
      scenarioRuns: {},
      openScenario: undefined,
      busyWith: 'nothing',
    },
    render,
  );
  const firebase = connectFirebase(config);
  const { firestore, premiumOrigin } = config;
  const panel =
    firestore.available && premiumOrigin !== undefined
      ? createPremiumPanel(store, {
          content: connectContent(firebase.app, firestore),
          server: connectPremiumServer(premiumOrigin),
          refreshToken: () => firebase.refreshToken(),
          now: () => performance.now(),
          clock: () => Date.now(),
        })
      : undefined;
  const actions = createActions(store, {
    simulator: connectSimulator(config.simulatorOrigin),
    firebase,
    premium: panel,
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
  render(store.state);
  // Only while somebody watches: each denial is also a line in the browser's console.
  setInterval(() => {
    if (isInView('premium')) panel?.watch();
  }, LOOK_EVERY_MS);
}

start().catch((error: unknown) => {
  // No configuration, no language: say it in the words of the error.
  document.querySelector('main')?.prepend(h('p', { class: 'broken' }, String(error)));
});
