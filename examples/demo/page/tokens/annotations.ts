import { mistakenId } from '../customers';
import { timeOfDay } from '../text/duration';
import { TEXTS } from '../text/languages';
import type { Language } from '../language';

export type TokenKind = 'custom' | 'id';

/** A note next to a claim. `identity` marks the user, who must be the same in both tokens. */
export interface Annotation {
  readonly text: string;
  readonly tone: 'plain' | 'identity' | 'warning';
}

/**
 * The notes about a claim; `path` uses dots for nested objects.
 *
 * @param nowMs Epoch ms.
 */
export function annotationsFor(
  kind: TokenKind,
  path: string,
  value: unknown,
  language: Language,
  nowMs: number,
): readonly Annotation[] {
  const { notes } = TEXTS[language].tokens;
  const plain = (text: string): readonly Annotation[] => [{ text, tone: 'plain' }];
  const custom = kind === 'custom';
  switch (path) {
    case 'uid':
    case 'user_id':
      return [{ text: notes.uid, tone: 'identity' }];
    case 'sub':
      return custom ? plain(notes.customSub) : [{ text: notes.uid, tone: 'identity' }];
    case 'claims':
      return plain(notes.claims);
    case 'claims.provider':
    case 'provider':
      return plain(notes.provider);
    case 'claims.tikiCustomerId':
    case 'tikiCustomerId':
      return precisionWarning(value, notes.mistakenId);
    case 'iss':
      return plain(custom ? notes.customIss : notes.idIss);
    case 'aud':
      return plain(custom ? notes.customAud : notes.idAud);
    case 'exp':
      return typeof value === 'number'
        ? plain(notes.exp(timeOfDay(value, language), Math.round((value - nowMs / 1000) / 60)))
        : [];
    case 'firebase.sign_in_provider':
      return plain(notes.signInProvider);
    default:
      return [];
  }
}

function precisionWarning(
  value: unknown,
  say: (mistaken: string) => string,
): readonly Annotation[] {
  const mistaken = typeof value === 'string' && /^\d+$/.test(value) && mistakenId(value);
  return mistaken ? [{ text: say(mistaken), tone: 'warning' }] : [];
}
