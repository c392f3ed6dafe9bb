import { h } from '../dom';
import type { Section } from '../state';
import { TEXTS } from '../text/languages';

/** The footer: what the page uses, and where it runs. */
export const colophon: Section = ({ language, config }) => {
  const { running, localOnly } = TEXTS[language];
  const { firestore } = config;
  const facts: readonly (readonly [name: string, value: string])[] = [
    [running.project, config.projectId],
    [running.auth, withoutScheme(config.authEmulatorOrigin)],
    [running.simulator, withoutScheme(config.simulatorOrigin)],
    [
      running.firestore,
      firestore.available
        ? `${firestore.host}:${firestore.port}`
        : running.firestoreMissing(firestore.reason),
    ],
  ];
  return h(
    'div',
    { class: 'page-width colophon' },
    h('p', {}, localOnly),
    h(
      'dl',
      {},
      ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    ),
  );
};

function withoutScheme(origin: string): string {
  return origin.replace(/^http:\/\//, '');
}
