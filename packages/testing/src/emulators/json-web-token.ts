export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

function decodePart(part: string | undefined): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('A part of the token is not a JSON object.');
  }
  // An object from JSON.parse has string keys and unknown values.
  return value as Record<string, unknown>;
}

/** Decodes a JSON Web Token for display. No verification: the emulators do not sign. */
export function decodeToken(token: string): DecodedToken {
  const [header, payload] = token.split('.');
  return { header: decodePart(header), payload: decodePart(payload) };
}
