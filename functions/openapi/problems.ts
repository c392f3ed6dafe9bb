import { googleError } from '../src/gateway/google-error';
import { problemAnswer } from '../src/http/answer';
import { Problem, type ProblemCode, type ProblemExtras, PROBLEMS } from '../src/problem';
import { gatewayProblem, problem, refTo } from './schemas';

const REQUEST_ID = '6f1c0e0e-3c7b-4a57-9d0f-2f6f1f8e7a10';

type Example = Readonly<Record<string, unknown>>;

/** What an example of the code is about. */
const EXTRAS: Partial<Record<ProblemCode, ProblemExtras>> = {
  'invalid-request': { request: { field: 'code', fault: 'missing' } },
};

/** Each problem as the functions answer it, by its code. */
export function problemExamples(): Readonly<Record<string, Example>> {
  // The keys of PROBLEMS are its codes.
  const codes = Object.keys(PROBLEMS) as ProblemCode[];
  return Object.fromEntries(
    codes.map((code) => {
      const { body } = problemAnswer(new Problem(code, EXTRAS[code]), REQUEST_ID, 'en');
      return [code, { summary: PROBLEMS[code].title, value: JSON.parse(body) as object }];
    }),
  );
}

/** One refusal of the gateway, with Google's form of it. */
export function gatewayProblemExample(): Example {
  const members = (refused: Problem, detail: string) => googleError('/firestore/', refused, detail);
  const { body } = problemAnswer(new Problem('forbidden'), REQUEST_ID, 'en', members);
  return { summary: 'In both forms', value: JSON.parse(body) as object };
}

/** Headers that come with some of these problems. */
function headersOf(codes: readonly ProblemCode[]): object {
  const named = (name: string) => ({ [name]: { $ref: `#/components/headers/${name}` } });
  const status = codes.map((code) => PROBLEMS[code].status)[0];
  return {
    ...named('X-Request-Id'),
    ...(status === 401 && named('WWW-Authenticate')),
    ...((status === 429 || status === 503) && named('Retry-After')),
  };
}

/**
 * The answers to requests that fail with one of these codes, by status.
 *
 * @param passedOn What other content may come with the same status.
 */
export function problemResponses(
  codes: readonly ProblemCode[],
  {
    ofGateway = false,
    passedOn = {},
  }: { readonly ofGateway?: boolean; readonly passedOn?: object },
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const statuses = new Set(codes.map((code) => PROBLEMS[code].status));
  const answers = [...statuses].map((status) => {
    const those = [...new Set(codes)].filter((code) => PROBLEMS[code].status === status);
    return [
      String(status),
      {
        description: those.map((code) => `\`${code}\``).join(', '),
        headers: headersOf(those),
        content: {
          ...passedOn,
          'application/problem+json': {
            schema: {
              allOf: [refTo(ofGateway ? gatewayProblem : problem)],
              properties: { code: { enum: those } },
            },
            examples: ofGateway
              ? { gateway: { $ref: '#/components/examples/gateway' } }
              : Object.fromEntries(
                  those.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
                ),
          },
        },
      },
    ] as const;
  });
  return Object.fromEntries(answers);
}
