import {
  describeSkew,
  readAnswer,
  signedHeaders,
  type TikiCredentials,
  type TikiOutcome,
  tokensAnswer,
  TOLERATED_SKEW_MS,
} from '../../../../../functions/src/operator';
import { ask } from '../ask';
import { defineCheck, type Known } from '../check';
import { deploy, setSecret } from '../commands';
import { failed, notChecked, ok, type Verdict } from '../finding';
import { readProjectParameters } from '../parameters';
import type { World } from '../world';
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
  correctionMs: number,
): Promise<Knock> {
  const body = JSON.stringify({ code: BOGUS_CODE });
  const timestamp = Math.round(world.now() + correctionMs);
  const reply = await ask(world, {
    method: 'POST',
    url: `${baseUrl}/oauth/auth/token`,
    headers: { 'Content-Type': 'application/json', ...signedHeaders(credentials, timestamp, body) },
    body,
  });
  if (reply.kind === 'nothing') return { kind: 'unclear', why: `${reply.why} from Tiki` };
  return knockOf(readAnswer({ status: reply.status, body: Buffer.from(reply.text) }, tokensAnswer));
}

/** Why the signature is not refused for its time. */
function aboutTheClock(aheadOfTikiMs: number | undefined): string {
  if (aheadOfTikiMs === undefined) return "Tiki's time is not known";
  const apart = `this machine is ${describeSkew(aheadOfTikiMs)}`;
  return Math.abs(aheadOfTikiMs) > TOLERATED_SKEW_MS
    ? `${apart}, so it was signed with Tiki's time`
    : apart;
}

async function explainRejection(
  world: World,
  facts: Known<'subject' | 'tiki'>,
  tryOther: (baseUrl: string) => Promise<Knock>,
): Promise<Verdict> {
  const { subject: project, aheadOfTikiMs } = facts;
  const { baseUrl } = facts.tiki;
  const { file } = readProjectParameters(world, project);
  const here = environmentOf(baseUrl);
  const other = otherEnvironment(baseUrl);
  const there = other === undefined ? undefined : await tryOther(other);
  if (other !== undefined && there?.kind === 'accepted') {
    return failed(
      `key and secret are those of ${environmentOf(other)}, but TIKI_API_BASE_URL is ${here}`,
      `# TIKI_API_BASE_URL=${other} in ${file}\n` +
        `# (or key and secret of ${here}, from Tini Console), then\n` +
        deploy('functions', project),
    );
  }
  const both =
    there?.kind === 'rejected' ? `in ${here} and in ${environmentOf(other ?? '')}` : `in ${here}`;
  return failed(
    `Tiki rejects the signature ${both}: TIKI_CLIENT_KEY and TIKI_CLIENT_SECRET do not belong together ` +
      `(${aboutTheClock(aheadOfTikiMs)})`,
    `# copy both anew from Tini Console, general settings: the key into ${file}\n` +
      setSecret(project),
  );
}

/** Key, secret and environment, checked by Tiki: a refused code means that the signature is right. */
export const tikiCredentials = defineCheck({
  name: 'tiki-credentials',
  title: 'Key and secret',
  area: 'Tiki',
  needs: ['subject', 'tiki', 'clientSecret'],
  look: async (world, facts) => {
    const { tiki, clientSecret, aheadOfTikiMs } = facts;
    const credentials = { clientKey: tiki.clientKey, clientSecret };
    // A wrong clock of this machine is not the function's, and must not look like a wrong secret.
    const known = aheadOfTikiMs ?? 0;
    const correctionMs = Math.abs(known) > TOLERATED_SKEW_MS ? -known : 0;
    const tryAt = (baseUrl: string) => knock(world, baseUrl, credentials, correctionMs);
    const outcome = await tryAt(tiki.baseUrl);
    switch (outcome.kind) {
      case 'accepted':
        return ok(`Tiki accepts the signature in ${environmentOf(tiki.baseUrl)}`);
      case 'rejected':
        return explainRejection(world, facts, tryAt);
      case 'unclear':
        return notChecked(outcome.why);
    }
  },
});
