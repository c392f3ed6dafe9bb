import { randomUUID } from 'node:crypto';
import { generate } from 'selfsigned';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate authority and one server certificate it signed; all PEM. */
export interface Certificates {
  readonly caPem: string;
  readonly keyPem: string;
  readonly certPem: string;
}

/**
 * Creates a temporary CA and a certificate for `hostNames`, valid a day before and after `now`. Not
 * self-signed, so that the process under test trusts a CA (NODE_EXTRA_CA_CERTS) and verifies the
 * server's name and chain as it does with Google.
 */
export async function makeCertificates(
  hostNames: readonly string[],
  now: Date = new Date(),
): Promise<Certificates> {
  const common = {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - DAY_MS),
    notAfterDate: new Date(now.getTime() + DAY_MS),
  } as const;
  // Of its own name: a process that trusts two authorities of one name finds the wrong one.
  const authority = `Loopback test authority ${randomUUID()}`;
  const ca = await generate([{ name: 'commonName', value: authority }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'Loopback test server' }], {
    ...common,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      // Type 2 is dNSName in the numbering of X.509's GeneralName.
      { name: 'subjectAltName', altNames: hostNames.map((value) => ({ type: 2, value })) },
    ],
  });
  return { caPem: ca.cert, keyPem: server.private, certPem: server.cert };
}
