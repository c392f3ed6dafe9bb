import type { ProblemCode } from '../src/problem';
import {
  answer,
  BODY,
  BY_COOKIE,
  BY_COOKIE_AND_CSRF_TOKEN,
  BY_ID_TOKEN,
  emptyAnswer,
  jsonBody,
  operation,
  type Paths,
  SET_COOKIE,
} from './operation';
import {
  handOver,
  handOverCode,
  sessionCsrfToken,
  sessionUser,
  signedIn,
  signIn,
  signOut,
  trade,
  traded,
} from './schemas';

const GOOGLE: readonly ProblemCode[] = [
  'not-configured',
  'upstream-bad-response',
  'upstream-unavailable',
  'upstream-timeout',
];
const SIGNING: readonly ProblemCode[] = ['signing-denied', 'signing-unavailable'];

const OWN_ORIGIN = 'Only pages of `WEB_ORIGINS` may call it, from their own origin.';

export const sessionPaths: Paths = {
  '/session/hand_over': {
    post: operation({
      id: 'handOver',
      tag: 'Web sessions',
      summary: 'Get a code for a page, as a Tini App whose user is signed in',
      security: [BY_ID_TOKEN],
      body: jsonBody(handOver),
      answers: { 200: answer('A code that works once, for one minute', handOverCode) },
      problems: [...BODY, 'unauthenticated', 'forbidden', 'rate-limited', ...GOOGLE],
    }),
  },
  '/session/trade': {
    post: operation({
      id: 'tradeCode',
      tag: 'Web sessions',
      summary: 'Trade the code for a custom token, for a service worker',
      description: OWN_ORIGIN,
      body: jsonBody(trade),
      answers: { 200: answer('A custom token', traded) },
      problems: [...BODY, 'forbidden', 'invalid-hand-over', 'rate-limited', ...SIGNING, ...GOOGLE],
    }),
  },
  '/session/sign_in': {
    post: operation({
      id: 'signIn',
      tag: 'Web sessions',
      summary: 'Begin a session in a cookie',
      description: OWN_ORIGIN,
      body: jsonBody(signIn),
      answers: { 200: answer('The user', signedIn, SET_COOKIE) },
      problems: [
        ...BODY,
        'unauthenticated',
        'forbidden',
        'invalid-hand-over',
        'rate-limited',
        ...SIGNING,
        ...GOOGLE,
      ],
    }),
  },
  '/session/user': {
    get: operation({
      id: 'readSession',
      tag: 'Web sessions',
      summary: 'Who is signed in',
      security: [{}, BY_ID_TOKEN, BY_COOKIE],
      answers: { 200: answer('The user or null', sessionUser) },
      problems: GOOGLE,
    }),
  },
  '/session/csrf_token': {
    get: operation({
      id: 'readCsrfToken',
      tag: 'Web sessions',
      summary: 'The token that a session in a cookie needs to sign out',
      description: 'Works although Google cannot be reached.',
      security: [{}, BY_COOKIE],
      answers: { 200: answer('The token or null', sessionCsrfToken) },
      problems: ['not-configured'],
    }),
  },
  '/session/sign_out': {
    post: operation({
      id: 'signOut',
      tag: 'Web sessions',
      summary: 'End this session, or all of the user',
      description: OWN_ORIGIN,
      security: [{}, BY_ID_TOKEN, BY_COOKIE_AND_CSRF_TOKEN],
      body: jsonBody(signOut),
      answers: { 204: emptyAnswer('Signed out; the cookie is removed', SET_COOKIE) },
      problems: [...BODY, 'unauthenticated', 'forbidden', ...GOOGLE],
    }),
  },
};
