import { z } from 'zod';
import type { Actor } from '../../../functions/src/operator';

/** The name is wanted, and not worth waiting for. */
const TIMEOUT_MS = 3_000;

const userInfo = z.object({ email: z.email().max(254) });

/**
 * Who is acting, for the audit trail: `operator someone@example.com`. The address is that of the login,
 * as Google knows it, so nobody can choose it; `operator` alone if Google does not say.
 */
export async function operatorName(session: {
  readonly accessToken: string;
  readonly email: string | undefined;
}): Promise<Actor> {
  if (session.email !== undefined) return `operator ${session.email}`;
  try {
    const answer = await fetch('https://openidconnect.googleapis.com/v1/userinfo', {
      headers: { Authorization: `Bearer ${session.accessToken}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { data } = userInfo.safeParse(await answer.json());
    return data ? `operator ${data.email}` : 'operator';
  } catch {
    return 'operator';
  }
}
