import type { ProblemCode } from '../src/problem';
import {
  answer,
  BODY,
  BY_COOKIE,
  BY_COOKIE_AND_CSRF_TOKEN,
  BY_ID_TOKEN,
  jsonBody,
  operation,
  parameter,
  type Paths,
} from './operation';
import { newOrder, oneOrder, orderList, planList } from './schemas';

const SESSION: readonly ProblemCode[] = [
  'unauthenticated',
  'forbidden',
  'rate-limited',
  'not-configured',
  'upstream-bad-response',
  'upstream-unavailable',
  'upstream-timeout',
];
const TIKI: readonly ProblemCode[] = [
  'tiki-rejected-signature',
  'tiki-bad-response',
  'tiki-unavailable',
  'tiki-timeout',
];

export const paymentPaths: Paths = {
  '/plans': {
    get: operation({
      id: 'listPlans',
      tag: 'Payments',
      summary: 'What is sold',
      answers: { 200: answer('The plans', planList) },
      problems: ['not-configured'],
    }),
  },
  '/orders': {
    get: operation({
      id: 'listOrders',
      tag: 'Payments',
      summary: 'The newest orders of the user',
      security: [BY_ID_TOKEN, BY_COOKIE],
      answers: { 200: answer('At most 50 orders', orderList) },
      problems: SESSION,
    }),
    post: operation({
      id: 'placeOrder',
      tag: 'Payments',
      summary: 'Place an order, to be paid with `my.makePayment`',
      description:
        'The same `Idempotency-Key` of the same user gives the same order. After an answer that says ' +
        'nothing certain, such as `tiki-timeout`, repeat the request with the same key.',
      security: [BY_ID_TOKEN, BY_COOKIE_AND_CSRF_TOKEN],
      parameters: [parameter('Idempotency-Key')],
      body: jsonBody(newOrder),
      answers: { 200: answer('The order', oneOrder) },
      problems: [...BODY, 'not-found', 'conflict', ...SESSION, ...TIKI],
    }),
  },
  '/orders/{reference}': {
    get: operation({
      id: 'readOrder',
      tag: 'Payments',
      summary: 'One order of the user',
      description: 'Once it is `paid`, a new ID token has premium.',
      security: [BY_ID_TOKEN, BY_COOKIE],
      parameters: [parameter('reference')],
      answers: { 200: answer('The order', oneOrder) },
      problems: ['not-found', ...SESSION],
    }),
  },
  '/tiki_ipn': {
    post: operation({
      id: 'takeNotification',
      tag: 'Payments',
      summary: 'For Tiki: an order has changed',
      description:
        "Register it in Tini Console. The body is Tiki's and is verified by its bytes; it only tells " +
        'which order is read at Tiki. Tiki sends it again after a 5xx.',
      security: [{ tikiSignature: [], tikiTimestamp: [], tikiClientId: [] }],
      body: {
        required: true,
        content: {
          'application/json': {
            schema: { type: 'object', required: ['message_id', 'message_type', 'order'] },
          },
        },
      },
      answers: {
        200: {
          description: 'It is stored',
          headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
          content: { 'application/json': { schema: { type: 'object' } } },
        },
      },
      problems: [
        'unauthenticated',
        'payload-too-large',
        'not-configured',
        'upstream-bad-response',
        'upstream-unavailable',
        'upstream-timeout',
        ...TIKI,
      ],
    }),
  },
};
