import type { Reading } from '../as-user';
import { type Html, html } from '../html';
import { linkTo } from '../language';
import { type Frame, layout } from './layout';

/** Both are behind security rules: the first follows the token's claims, the second the record too. */
export const PREMIUM_PATHS = ['premiumContent/welcome', 'premiumContentStrict/welcome'] as const;

/** `renewing`: the page is to get a new token, and to come again. `renewed`: it has. */
export type Renewal = 'none' | 'renewing' | 'renewed';

/**
 * @param readings Of {@link PREMIUM_PATHS}, as the user's own rights allow.
 * @param renewal The page needs a script for it, and does without otherwise.
 */
export function premiumPage(
  frame: Frame,
  readings: readonly Reading[],
  renewal: Renewal = 'none',
): Html {
  const { choice, assets } = frame;
  const { title, lead, back, lesson, recipe } = frame.texts.premium;
  const headings = [lesson, recipe];
  return layout(frame, {
    path: '/premium',
    title,
    scripts: renewal === 'none' ? [] : [assets.premium],
    main: html`<main id="premium" class="page-width" data-state="${renewal}">
      <h1>${title}</h1>
      <p class="lead">${lead}</p>
      ${readings.map((reading, index) => lessonCard(frame, headings[index] ?? '', reading))}
      <p><a href="${linkTo('/profile', choice)}">${back}</a></p>
    </main>`,
  });
}

function lessonCard(frame: Frame, heading: string, reading: Reading): Html {
  return html`<article class="card lesson" data-state="${reading.state}">
    <h2>${heading}</h2>
    <p>${lessonText(frame, reading)}</p>
  </article>`;
}

function lessonText({ texts, choice }: Frame, reading: Reading): string {
  const { closed, missing, unavailable } = texts.premium;
  if (reading.state === 'denied') return closed;
  if (reading.state === 'unavailable') return unavailable;
  const text = reading.state === 'read' ? reading.fields[choice.language] : undefined;
  return typeof text === 'string' ? text : missing;
}
