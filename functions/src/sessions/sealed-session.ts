import * as z from 'zod';
import type { KeyRing } from './key-ring';

/** What the cookie holds, readable only by the server. */
export interface SealedSession {
  /** Of Firebase Auth. */
  readonly refreshToken: string;
  /** Random; what a CSRF token is bound to. */
  readonly sessionId: string;
  /** Epoch seconds. */
  readonly iat: number;
  /** Epoch seconds. A cookie that is sealed again keeps it: a session does not grow older than that. */
  readonly exp: number;
}

export interface OpenedSession extends SealedSession {
  /** Whether the ring's first key sealed it. */
  readonly isCurrent: boolean;
}

/** Seals sessions of one project. */
export interface Seal {
  readonly ring: KeyRing;
  readonly projectId: string;
}

const ALGORITHM = { alg: 'dir', enc: 'A256GCM' } as const;

const payloadSchema = z.object({
  refreshToken: z.string().min(1),
  sessionId: z.string().min(1),
  iat: z.int(),
  exp: z.int(),
});

/** A compact JWE (RFC 7516), for this project as its audience. */
export async function sealSession(session: SealedSession, seal: Seal): Promise<string> {
  // Imported here because jose is an ES module.
  const { EncryptJWT } = await import('jose/jwt/encrypt');
  const [{ kid, sealing }] = seal.ring;
  return new EncryptJWT({ ...session })
    .setProtectedHeader({ ...ALGORITHM, kid })
    .setAudience(seal.projectId)
    .encrypt(sealing);
}

/**
 * Opens a cookie.
 *
 * @param nowMs Epoch ms.
 * @returns undefined for one that this project did not seal, or that has expired.
 */
export async function openSession(
  value: string,
  { ring, projectId }: Seal,
  nowMs: number,
): Promise<OpenedSession | undefined> {
  const [{ jwtDecrypt }, { JOSEError, JWKSNoMatchingKey }] = await Promise.all([
    import('jose/jwt/decrypt'),
    import('jose/errors'),
  ]);
  try {
    const { payload, protectedHeader } = await jwtDecrypt(
      value,
      ({ kid }) => {
        const key = ring.find((each) => each.kid === kid);
        if (!key) throw new JWKSNoMatchingKey();
        return key.sealing;
      },
      {
        audience: projectId,
        keyManagementAlgorithms: [ALGORITHM.alg],
        contentEncryptionAlgorithms: [ALGORITHM.enc],
        currentDate: new Date(nowMs),
        requiredClaims: ['exp'],
      },
    );
    const session = payloadSchema.safeParse(payload).data;
    return session && { ...session, isCurrent: protectedHeader.kid === ring[0].kid };
  } catch (error) {
    // Everything that can be wrong with a cookie; anything else is our mistake.
    if (error instanceof JOSEError) return undefined;
    throw error;
  }
}
