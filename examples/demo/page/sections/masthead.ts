import { h } from '../dom';
import type { Actions, Section } from '../state';
import { TEXTS } from '../text/languages';
import type { Language } from '../language';
import { bridge } from './bridge';

const LANGUAGES = [
  { language: 'vi', name: 'Tiếng Việt' },
  { language: 'en', name: 'English' },
] as const;

/** The header: title, language switch, and the drawing of the bridge. */
export const masthead: Section = ({ language, login, config }, actions) => {
  const texts = TEXTS[language];
  return h(
    'div',
    { class: 'masthead' },
    h(
      'div',
      { class: 'page-width' },
      h(
        'div',
        { class: 'masthead-bar' },
        h('p', { class: 'masthead-name' }, 'tiki-firebase-bridge'),
        languageSwitch(language, texts.languageSwitch, actions),
      ),
      h('h1', {}, texts.title),
      h('p', { class: 'lead' }, texts.lead),
      h('p', { class: 'beside' }, h('a', { href: 'api/', target: '_blank' }, texts.apiReference)),
      config.emulatorUiOrigin !== undefined &&
        h(
          'p',
          { class: 'beside' },
          h('a', { href: `${config.emulatorUiOrigin}/auth`, target: '_blank' }, texts.emulatorUi),
        ),
    ),
    bridge(login),
  );
};

function languageSwitch(current: Language, label: string, actions: Actions): HTMLElement {
  return h(
    'div',
    { class: 'language-switch', role: 'group', 'aria-label': label },
    ...LANGUAGES.map(({ language, name }) =>
      h(
        'button',
        {
          type: 'button',
          lang: language,
          'aria-pressed': String(language === current),
          onclick: () => {
            actions.switchLanguage(language);
          },
        },
        name,
      ),
    ),
  );
}
