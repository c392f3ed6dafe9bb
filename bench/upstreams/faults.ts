import type { RequestListener } from 'node:http';

/** What is wrong with an upstream. */
export type UpstreamFault = 'tiki-down' | 'tiki-silent' | 'iam-quota';

const QUOTA = JSON.stringify({
  error: {
    code: 429,
    message: "Quota exceeded for quota metric 'Generate credentials requests'",
    status: 'RESOURCE_EXHAUSTED',
  },
});

/** A page of the load balancer in front of Tiki. */
const down: RequestListener = (_, response) => {
  response.writeHead(503, { 'Content-Type': 'text/html' }).end('<h1>Service Unavailable</h1>');
};

export const TIKI_FAULTS: Partial<Record<UpstreamFault, RequestListener>> = {
  'tiki-down': down,
  'tiki-silent': () => undefined,
};

export const IAM_FAULTS: Partial<Record<UpstreamFault, RequestListener>> = {
  'iam-quota': (_, response) => {
    response.writeHead(429, { 'Content-Type': 'application/json; charset=UTF-8' }).end(QUOTA);
  },
};

/** @param faultNow Read for each request. */
export function disturbed(
  answer: RequestListener,
  faults: Partial<Record<UpstreamFault, RequestListener>>,
  faultNow: () => UpstreamFault | undefined,
): RequestListener {
  return (request, response) => {
    const fault = faultNow();
    const listener = (fault && faults[fault]) ?? answer;
    listener(request, response);
  };
}
