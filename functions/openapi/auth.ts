import type { ProblemCode } from '../src/problem';
import { answer, BODY, jsonBody, operation, type Paths } from './operation';
import { accessToken, authCode, identity, login, refreshToken } from './schemas';

/** Of a call that asks Tiki. */
const TIKI: readonly ProblemCode[] = [
  ...BODY,
  'rate-limited',
  'tiki-rejected-signature',
  'tiki-bad-response',
  'tiki-unavailable',
  'tiki-timeout',
];
const SIGNING: readonly ProblemCode[] = ['signing-denied', 'signing-unavailable'];

const LOGIN = answer('The customer, and a token for `signInWithCustomToken`', login);

export const authPaths: Paths = {
  '/auth_exchange': {
    post: operation({
      id: 'exchangeCode',
      tag: 'Login',
      summary: 'Trade an auth code for a Firebase custom token',
      body: jsonBody(authCode),
      answers: { 200: LOGIN },
      problems: ['invalid-code', ...TIKI, ...SIGNING],
    }),
  },
  '/auth_refresh': {
    post: operation({
      id: 'refreshLogin',
      tag: 'Login',
      summary: "Log in again with Tiki's refresh token, without asking the user",
      description: 'For apps that got it with `TIKI_TOKENS_TO_CLIENT=true`. It may be used once.',
      body: jsonBody(refreshToken),
      answers: { 200: LOGIN },
      problems: ['invalid-token', ...TIKI, ...SIGNING],
    }),
  },
  '/auth_info': {
    post: operation({
      id: 'readIdentity',
      tag: 'Login',
      summary: 'Whose access token this is',
      description: 'Creates no token.',
      body: jsonBody(accessToken),
      answers: { 200: answer('The customer', identity) },
      problems: ['invalid-token', ...TIKI],
    }),
  },
};
