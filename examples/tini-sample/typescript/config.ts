/** The domain that you registered in Tini Console and that Firebase Hosting serves. */
export const BASE_URL = 'https://app.example.vn';

/** The Firebase project behind it. */
export const PROJECT_ID = 'demo-tiki-bridge';
