import { h } from '../dom';
import type { Section, State, TokenPair } from '../state';
import { TEXTS } from '../text/texts';
import type { TokenKind } from '../tokens/annotations';
import { decodeToken } from '../tokens/decode';
import { claimLines } from './claim-lines';

/** Custom token and ID token, decoded, side by side. */
export const tokens: Section = (state, actions) => {
  const texts = TEXTS[state.language].tokens;
  const { tokens: pair, rawTokensShown } = state;
  return h(
    'div',
    { class: 'page-width tokens' },
    h('h2', { id: 'tokens-heading' }, texts.heading),
    h('p', { class: 'section-lead' }, texts.lead),
    pair
      ? h(
          'div',
          { class: 'token-pair' },
          token('custom', pair.customToken, pair, state),
          token('id', pair.idToken, pair, state),
        )
      : h('p', { class: 'nothing-yet' }, texts.empty),
    pair &&
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
  );
};

function token(kind: TokenKind, jwt: string, { at }: TokenPair, state: State): HTMLElement {
  const texts = TEXTS[state.language].tokens;
  const { header, claims } = decodeToken(jwt);
  return h(
    'article',
    { class: `token token-${kind}`, 'aria-labelledby': `token-${kind}` },
    h('h3', { id: `token-${kind}` }, texts[kind]),
    h('p', { class: 'token-note' }, kind === 'custom' ? texts.customNote : texts.idNote),
    h('h4', {}, texts.header),
    claimLines(kind, header, state.language, at),
    h('h4', {}, texts.claims),
    claimLines(kind, claims, state.language, at),
    state.rawTokensShown && h('p', { class: 'raw-token' }, jwt),
  );
}
