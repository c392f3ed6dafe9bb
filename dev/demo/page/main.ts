import { createActions } from './actions';
import { loadConfig } from './config';
import { h, patch } from './dom';
import { connectFirebase } from './login/firebase';
import { connectSimulator } from './login/simulator';
import { announcement } from './sections/announcement';
import { colophon } from './sections/colophon';
import { faults } from './sections/faults';
import { login } from './sections/login';
import { masthead } from './sections/masthead';
import { tokens } from './sections/tokens';
import { createStore, type Section, type State } from './state';
import { initialLanguage } from './text/language';
import { TEXTS } from './text/texts';

/** Every part of the page, by the id of the element in index.html that it fills. */
const SECTIONS: Readonly<Record<string, Section>> = {
  masthead,
  login,
  tokens,
  faults,
  colophon,
  announcer: announcement,
};

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
      scenarioRuns: {},
      openScenario: undefined,
      busyWith: 'nothing',
    },
    render,
  );
  const actions = createActions(store, {
    simulator: connectSimulator(config.simulatorOrigin),
    firebase: connectFirebase(config),
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
}

start().catch((error: unknown) => {
  // No configuration, no language: say it in the words of the error.
  document.querySelector('main')?.prepend(h('p', { class: 'broken' }, String(error)));
});
