import { doctor } from '../doctor/commands';
import type { Subject } from '../doctor/facts';
import { type Answerer, knockAt, readLog } from '../doctor/hosting/bridge-answer';
import { pathPrefixOf } from '../doctor/parameters';
import type { DeployWorld } from './world';

/** A login that Tiki must refuse. */
const BOGUS_LOGIN = {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ code: 'check-of-a-deployment' }),
} as const;

/** What no waiting fixes. */
const PERMANENT = new Set(['misconfigured', 'tiki-rejected-signature', 'not-configured']);
/** New rewrites, roles and instances take effect within a minute or two. */
const ATTEMPTS = 24;
const PAUSE_MS = 5_000;

export type Proof = { readonly proven: true } | { readonly proven: false; readonly why: string };

function describe(answer: Answerer): string {
  switch (answer.kind) {
    case 'bridge':
      return `the bridge answered ${answer.code}`;
    case 'redirect':
      return `the domain redirects to ${answer.to ?? 'no valid host name'}`;
    case 'other':
      return `another server answered (HTTP status ${answer.status})`;
    case 'nothing':
      return answer.why;
  }
}

/**
 * Tries a login with a made-up code at the domain. `invalid-code` comes from Tiki, so Hosting led to
 * the function, which has its key and secret, and whose signature Tiki accepts. What it does not show is
 * the right to sign custom tokens: the doctor looks at that.
 */
export async function proveLogin(world: DeployWorld, subject: Subject): Promise<Proof> {
  const path = `${pathPrefixOf(world, subject)}/auth_exchange` as const;
  let answer: Answerer | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await world.wait(PAUSE_MS);
    answer = await knockAt(world, subject.domain, { ...BOGUS_LOGIN, path });
    if (answer.kind === 'bridge') {
      if (answer.code === 'invalid-code') return { proven: true };
      if (PERMANENT.has(answer.code)) break;
    }
  }
  const seen = answer ? describe(answer) : 'nothing answered';
  const look = `${readLog('auth', subject)}\n  ${doctor(subject)} --domain ${subject.domain}`;
  return { proven: false, why: `${seen} to a login with a made-up code. Look:\n  ${look}` };
}
