/*
 * Where the functions answer. Hosting passes whole paths on, so a deployment with `PATH_PREFIX` has it
 * before every path, but for the one that Tini Console looks for at the root of a domain.
 */

const DOMAIN = { default: 'app.example.vn' };
const PREFIX = { default: '', description: '`PATH_PREFIX`, such as `/tiki`' };

const here = (description: string) => ({ url: '/', description });

export const SITE = [
  here('The site that shows this page, such as that of npm start'),
  {
    url: 'https://{domain}{prefix}',
    description: 'A deployment',
    variables: { domain: DOMAIN, prefix: PREFIX },
  },
];

export const ROOT_OF_SITE = [
  here('The site that shows this page'),
  { url: 'https://{domain}', description: 'A deployment', variables: { domain: DOMAIN } },
];

/** Never through Hosting. */
export const AUTH_ITSELF = [
  {
    url: 'https://asia-southeast1-{project}.cloudfunctions.net/{function}',
    description: 'The own URL of `auth`',
    variables: {
      project: { default: 'demo-tiki-bridge' },
      function: { default: 'auth', description: 'As it is deployed, such as `kit-login-auth`' },
    },
  },
];
