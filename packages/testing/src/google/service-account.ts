import { createHash, generateKeyPairSync } from 'node:crypto';

export interface ServiceAccount {
  readonly email: string;
  /** The decimal id in the `sub` claim of ID tokens. */
  readonly uniqueId: string;
  readonly keyId: string;
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
  /** The content of a "JSON key" file from the console. */
  readonly keyFile: Readonly<Record<string, string>>;
}

/** Creates `<name>@<projectId>.iam.gserviceaccount.com` with a new 2048-bit RSA key. */
export function makeServiceAccount(name: string, projectId: string): ServiceAccount {
  const email = `${name}@${projectId}.iam.gserviceaccount.com`;
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const keyId = createHash('sha1').update(pair.publicKey).digest('hex');
  const uniqueId = `1${BigInt(`0x${keyId}`).toString().padStart(20, '0').slice(-20)}`;
  const keyFile = {
    type: 'service_account',
    project_id: projectId,
    private_key_id: keyId,
    private_key: pair.privateKey,
    client_email: email,
    client_id: uniqueId,
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(email)}`,
    universe_domain: 'googleapis.com',
  };
  const { privateKey: privateKeyPem, publicKey: publicKeyPem } = pair;
  return { email, uniqueId, keyId, privateKeyPem, publicKeyPem, keyFile };
}
