import type { ProblemCode } from '../src/problem';
import {
  BY_COOKIE,
  BY_COOKIE_AND_CSRF_TOKEN,
  BY_ID_TOKEN,
  type Operation,
  operation,
  parameter,
  type Paths,
} from './operation';

const PROBLEMS: readonly ProblemCode[] = [
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'payload-too-large',
  'not-configured',
  'signing-denied',
  'signing-unavailable',
  'upstream-bad-response',
  'upstream-unavailable',
  'upstream-timeout',
];

const ANY = { '*/*': {} };

function passOn(method: string): Operation {
  const reads = method === 'get';
  return operation({
    id: `${method}FromBackend`,
    tag: 'Private backend',
    summary: `${method.toUpperCase()} of your own service behind the bridge`,
    security: [BY_ID_TOKEN, reads ? BY_COOKIE : BY_COOKIE_AND_CSRF_TOKEN],
    parameters: [parameter('backendPath')],
    ...(!reads && { body: { content: ANY } }),
    answers: { default: { description: "The service's own answer", content: ANY } },
    problems: PROBLEMS,
    passedOn: ANY,
  });
}

export const backendPaths: Paths = {
  '/backend/{path}': Object.fromEntries(
    ['get', 'post', 'put', 'patch', 'delete'].map((method) => [method, passOn(method)]),
  ),
};
