/** The domain that you registered in Tini Console and that Firebase Hosting serves. */
export const BASE_URL = 'https://app.example.vn';

/** The web page that the user continues on: examples/web of the bridge's repository, or yours. */
export const WEB_URL = `${BASE_URL}/?from=app`;

/** The Firebase project behind it. */
export const PROJECT_ID = 'demo-tiki-bridge';
