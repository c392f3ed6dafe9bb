import {
  readAnswer,
  signedHeaders,
  type TikiCredentials,
  type TikiOutcome,
  tokensAnswer,
} from '../../../../../functions/src/operator';
import { nameOf, type Project } from '../../project';
import { ask } from '../ask';
import { defineCheck } from '../check';
import { deploy, setSecret } from '../commands';
import { failed, notChecked, ok, type Verdict } from '../finding';
import type { World } from '../world';
import { TOLERATED_SKEW_MS } from './clock';
import { environmentOf, otherEnvironment } from './environments';

/** Shaped like a code, but made up: no real code is used. */
const BOGUS_CODE = 'ZG9jdG9y.bm90LWEtY29kZQ';

type Knock =
  /** Tiki accepted the signature and refused the code. */
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected' }
  /** Neither; `why` is for a message. */
  | { readonly kind: 'unclear'; readonly why: string };

function knockOf(outcome: TikiOutcome<unknown>): Knock {
  switch (outcome.kind) {
    case 'refused':
      if (outcome.reason === 'invalid_code') return { kind: 'accepted' };
      if (outcome.reason === 'invalid_signature') return { kind: 'rejected' };
      return { kind: 'unclear', why: `Tiki refuses with ${outcome.reason}` };
    case 'unexpected-status':
      return { kind: 'unclear', why: `Tiki answers with HTTP status ${outcome.status}` };
    default:
      return { kind: 'unclear', why: "Tiki's answer is not of the documented shape" };
  }
}

async function knock(
  world: World,
  baseUrl: string,
  credentials: TikiCredentials,
  aheadMs: number,
): Promise<Knock> {
  const body = JSON.stringify({ code: BOGUS_CODE });
  const timestamp = Math.round(world.now() + aheadMs);
  const reply = await ask(world, {
    method: 'POST',
    url: `${baseUrl}/oauth/auth/token`,
    headers: { 'Content-Type': 'application/json', ...signedHeaders(credentials, timestamp, body) },
    body,
  });
  if (reply.kind === 'nothing') return { kind: 'unclear', why: `${reply.why} from Tiki` };
  return knockOf(readAnswer({ status: reply.status, body: Buffer.from(reply.text) }, tokensAnswer));
}

async function explainRejection(
  project: Project,
  baseUrl: string,
  tryOther: (baseUrl: string) => Promise<Knock>,
): Promise<Verdict> {
  const projectName = nameOf(project);
  const here = environmentOf(baseUrl);
  const other = otherEnvironment(baseUrl);
  const there = other === undefined ? undefined : await tryOther(other);
  if (other !== undefined && there?.kind === 'accepted') {
    return failed(
      `key and secret are those of ${environmentOf(other)}, but TIKI_API_BASE_URL is ${here}`,
      `# TIKI_API_BASE_URL=${other} in functions/.env.${projectName}\n` +
        `# (or key and secret of ${here}, from Tini Console), then\n` +
        deploy('functions:tiki-bridge:auth', project),
    );
  }
  const both =
    there?.kind === 'rejected' ? `in ${here} and in ${environmentOf(other ?? '')}` : `in ${here}`;
  return failed(
    `Tiki rejects the signature ${both}: TIKI_CLIENT_KEY and TIKI_CLIENT_SECRET do not belong together`,
    `# copy both anew from Tini Console, general settings: the key into functions/.env.${projectName}\n` +
      setSecret(project),
  );
}

/** Key, secret and environment, checked by Tiki: a refused code means that the signature is right. */
export const tikiCredentials = defineCheck({
  name: 'tiki-credentials',
  title: 'Key and secret',
  area: 'Tiki',
  needs: ['subject', 'tiki', 'clientSecret'],
  look: async (world, { subject, tiki, clientSecret, tikiAheadMs = 0 }) => {
    const credentials = { clientKey: tiki.clientKey, clientSecret };
    // A wrong clock of this machine is not the function's, and must not look like a wrong secret.
    const aheadMs = Math.abs(tikiAheadMs) > TOLERATED_SKEW_MS ? tikiAheadMs : 0;
    const tryAt = (baseUrl: string) => knock(world, baseUrl, credentials, aheadMs);
    const outcome = await tryAt(tiki.baseUrl);
    switch (outcome.kind) {
      case 'accepted':
        return ok(`Tiki accepts the signature in ${environmentOf(tiki.baseUrl)}`);
      case 'rejected':
        return explainRejection(subject, tiki.baseUrl, tryAt);
      case 'unclear':
        return notChecked(outcome.why);
    }
  },
});
