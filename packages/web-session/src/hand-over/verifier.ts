export interface Verifier {
  /** 32 random bytes, base64url. Never leaves the page, except to the bridge. */
  readonly verifier: string;
  /** The SHA-256 of the verifier's characters, base64url: RFC 7636, 4.2, "S256". */
  readonly challenge: string;
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

export async function newVerifier(): Promise<Verifier> {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { verifier, challenge: base64url(new Uint8Array(hash)) };
}
