import { type Html, html } from '../html';
import { LANGUAGES, type Language, type LanguageChoice, linkTo } from '../language';
import { type Texts, TEXTS } from '../texts';

/** Addresses of what Vite built, with hashes in their names. */
export interface Assets {
  readonly styles: string;
  readonly signIn: string;
  readonly profile: string;
  readonly premium: string;
  readonly notifications: string;
  /** Only used in `npm start`, as the next one. */
  readonly simulatedNotifications: string;
  readonly tiniApp: string;
}

/** What each page is rendered with. */
export interface Frame {
  readonly choice: LanguageChoice;
  readonly texts: Texts;
  readonly assets: Assets;
}

export interface Page {
  /** Of the page's address, for the links to its other language. */
  readonly path: string;
  readonly title: string;
  readonly main: Html;
  /** Scripts of the page, in order; most pages have none. */
  readonly scripts?: readonly string[];
}

const NAMES: Readonly<Record<Language, string>> = { vi: 'Tiếng Việt', en: 'English' };

export function frameFor(choice: LanguageChoice, assets: Assets): Frame {
  return { choice, texts: TEXTS[choice.language], assets };
}

export function layout({ choice, texts, assets }: Frame, page: Page): Html {
  const { path, title, main, scripts = [] } = page;
  return html`<!doctype html>
    <html lang="${choice.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${texts.site}</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="${assets.styles}" />
        ${scripts.map((source) => html`<script type="module" src="${source}"></script>`)}
      </head>
      <body>
        <header class="page-width">
          <a class="site" href="${linkTo('/', choice)}">${texts.site}</a>
          <nav aria-label="${texts.languages}">
            ${LANGUAGES.map((language) => languageLink(path, language, choice))}
          </nav>
        </header>
        ${main}
      </body>
    </html>`;
}

function languageLink(path: string, language: Language, choice: LanguageChoice): Html {
  const href = linkTo(path, { language, chosen: true });
  const current = language === choice.language && html` aria-current="true"`;
  return html`<a href="${href}" hreflang="${language}" lang="${language}" ${current}
    >${NAMES[language]}</a
  >`;
}
