import { h } from '../dom';
import type { Section } from '../state';
import { JUMP_TARGETS } from '../text/texts';
import { TEXTS } from '../text/languages';

/** Links to the sections, which stay in view: on a phone the page is ten screens long. */
export const jumpLinks: Section = ({ language }) => {
  const { label, links } = TEXTS[language].jump;
  return h(
    'nav',
    { class: 'page-width', 'aria-label': label },
    h(
      'ul',
      {},
      ...JUMP_TARGETS.map((target) => h('li', {}, h('a', { href: `#${target}` }, links[target]))),
    ),
  );
};
