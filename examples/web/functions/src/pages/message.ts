import { type Html, html } from '../html';
import { linkTo } from '../language';
import { type Frame, layout } from './layout';

export function notFoundPage(frame: Frame): Html {
  const { title, lead, home } = frame.texts.notFound;
  return layout(frame, {
    path: '/',
    title,
    main: html`<main class="page-width">
      <h1>${title}</h1>
      <p class="lead">${lead}</p>
      <p><a href="${linkTo('/', frame.choice)}">${home}</a></p>
    </main>`,
  });
}

export function brokenPage(frame: Frame): Html {
  const { title, lead } = frame.texts.broken;
  return layout(frame, {
    path: '/',
    title,
    main: html`<main class="page-width">
      <h1>${title}</h1>
      <p class="lead">${lead}</p>
    </main>`,
  });
}
