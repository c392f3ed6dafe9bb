// A private service in Express: who calls, by the token of the bridge. See README.md.
import express from 'express';
import { createRemoteJWKSet, errors, jwtVerify, UnsecuredJWT } from 'jose';

const { BRIDGE_ACCOUNT, OWN_URL, PORT = '8080', FIREBASE_AUTH_EMULATOR_HOST } = process.env;
const issuer = FIREBASE_AUTH_EMULATOR_HOST ? 'emulator' : BRIDGE_ACCOUNT;
const expected = {
  issuer,
  audience: OWN_URL,
  algorithms: ['RS256'],
  requiredClaims: ['exp', 'sub'],
};
if (!issuer || !OWN_URL) throw new Error('Set BRIDGE_ACCOUNT and OWN_URL: see README.md');

const certificates = `https://www.googleapis.com/service_accounts/v1/jwk/${issuer}`;
const keys = createRemoteJWKSet(new URL(certificates));
/** Emulators sign nothing, so their tokens are accepted beside an emulator only. */
const verify = FIREBASE_AUTH_EMULATOR_HOST
  ? UnsecuredJWT.decode
  : (token) => jwtVerify(token, keys, expected);

/** Google's keys cannot be fetched or read: an outage, which signs nobody out. */
const OUTAGES = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);
const isRefusal = (error) => error instanceof errors.JOSEError && !OUTAGES.has(error.code);

const app = express();
app.use(async (request, response, next) => {
  try {
    const { payload } = await verify(request.get('X-Tiki-User') ?? '', expected);
    response.locals.uid = payload.sub;
    next();
  } catch (error) {
    response.sendStatus(isRefusal(error) ? 401 : 503);
  }
});

app.get('/whoami', (request, response) => {
  response.json({ uid: response.locals.uid });
});

const server = app.listen(Number(PORT), () => {
  console.log(`Listening on port ${server.address().port}`);
});
