import type { ProblemCode } from '../src/problem';
import { answer, BODY, BY_OPERATOR_TOKEN, jsonBody, operation, type Paths } from './operation';
import { accessToken, authCode, health, identity, login, readiness, refreshToken } from './schemas';
import { AUTH_ITSELF } from './servers';

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
  '/health': {
    get: operation({
      id: 'readHealth',
      tag: 'Operators',
      summary: 'Whether the function is alive',
      servers: AUTH_ITSELF,
      answers: { 200: answer('It is', health) },
      problems: ['not-found'],
    }),
  },
  '/ready': {
    get: operation({
      id: 'readReadiness',
      tag: 'Operators',
      summary: 'Whether logins can succeed',
      description: 'Everybody but an operator gets 404.',
      servers: AUTH_ITSELF,
      security: [BY_OPERATOR_TOKEN],
      answers: {
        200: answer('They can', readiness),
        503: answer('They cannot', readiness),
      },
      problems: ['not-found', 'upstream-unavailable'],
    }),
  },
};
