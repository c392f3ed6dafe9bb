import { h } from '../dom';
import type { JsonRecord } from '../json';
import type { OpenSession } from '../session/session';
import type { Section, State } from '../state';
import { TEXTS } from '../text/languages';
import type { TokenKind } from '../tokens/annotations';
import { decodeToken } from '../tokens/decode';
import { backend } from './backend';
import { claimLines } from './claim-lines';

/** Custom token and ID token, decoded, side by side. */
export const tokens: Section = (state, actions) => {
  const texts = TEXTS[state.language].tokens;
  const { login, session, rawTokensShown } = state;
  return h(
    'div',
    { class: 'page-width tokens' },
    h('h2', { id: 'tokens-heading' }, texts.heading),
    h('p', { class: 'section-lead' }, texts.lead),
    session.state === 'in'
      ? h(
          'div',
          { class: 'token-pair', 'data-key': 'pair' },
          customToken(login?.answer?.customToken, session, state),
          idToken(session, state),
        )
      : h('p', { class: 'nothing-yet', 'data-key': 'empty' }, texts.empty),
    session.state === 'in' &&
      h(
        'p',
        { class: 'token-foot' },
        texts.unsigned,
        ' ',
        h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            'aria-expanded': String(rawTokensShown),
            onclick: () => {
              actions.showRawTokens(!rawTokensShown);
            },
          },
          rawTokensShown ? texts.hideRaw : texts.showRaw,
        ),
      ),
    session.state === 'in' && backend(state, actions),
  );
};

/** A restored session has none. */
function customToken(jwt: string | undefined, { at }: OpenSession, state: State): HTMLElement {
  const texts = TEXTS[state.language].tokens;
  if (jwt === undefined)
    return article('custom', state, h('p', { class: 'token-gone' }, texts.restored));
  const { header, claims } = decodeToken(jwt);
  return article(
    'custom',
    state,
    h('h4', {}, texts.header),
    claimLines('custom', header, state.language, at),
    h('h4', {}, texts.claims),
    claimLines('custom', claims, state.language, at),
    state.rawTokensShown && h('p', { class: 'raw-token' }, jwt),
  );
}

function idToken({ idToken, claims, at }: OpenSession, state: State): HTMLElement {
  const texts = TEXTS[state.language].tokens;
  const shown: JsonRecord = claims;
  return article(
    'id',
    state,
    h('h4', {}, texts.header),
    claimLines('id', decodeToken(idToken).header, state.language, at),
    h('h4', {}, texts.claims, ' ', h('code', {}, 'firebase.claims')),
    claimLines('id', shown, state.language, at),
    state.rawTokensShown && h('p', { class: 'raw-token' }, idToken),
  );
}

function article(
  kind: TokenKind,
  { language }: State,
  ...content: readonly (HTMLElement | false)[]
): HTMLElement {
  const texts = TEXTS[language].tokens;
  return h(
    'article',
    { class: `token token-${kind}`, 'aria-labelledby': `token-${kind}` },
    h('h3', { id: `token-${kind}` }, texts[kind]),
    h('p', { class: 'token-note' }, kind === 'custom' ? texts.customNote : texts.idNote),
    ...content,
  );
}
