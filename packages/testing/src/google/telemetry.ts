import type { AccessTokens } from './access-tokens';
import { authorise } from './iam-credentials';
import { invalidArgument } from './iam-errors';
import { jsonAnswer, type LoopbackFake, startLoopbackFake } from './loopback-fake';

export const TELEMETRY_HOST = 'telemetry.googleapis.com';

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string }[] };
  }[];
}

/**
 * Serves `POST /v1/traces` over TLS: OTLP in JSON, with an access token, and the project's id among the
 * attributes of each resource.
 * https://docs.cloud.google.com/stackdriver/docs/reference/telemetry/v1.traces.post
 */
export function startTelemetry(options: {
  readonly tokens: AccessTokens;
  readonly tls: { readonly keyPem: string; readonly certPem: string };
}): Promise<LoopbackFake<'unavailable'>> {
  return startLoopbackFake<'unavailable'>({
    tls: options.tls,
    answer({ method, url, headers, body }, fault) {
      if (method !== 'POST' || url.pathname !== '/v1/traces') {
        return { status: 404, headers: { 'Content-Type': 'text/html' }, body: 'Not Found' };
      }
      const refusal = authorise(headers.authorization, options.tokens);
      if (refusal) return refusal;
      if (fault) return { status: 503, headers: {}, body: '' };
      const { resourceSpans } = JSON.parse(body) as Export;
      const isNamed = resourceSpans.every(({ resource }) =>
        resource.attributes.some(({ key }) => key === 'gcp.project_id'),
      );
      return isNamed ? jsonAnswer(200, {}) : invalidArgument('gcp.project_id is missing');
    },
  });
}
