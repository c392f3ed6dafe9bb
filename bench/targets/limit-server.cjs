// The limit: what Node alone needs for a login. A bare handler that makes a login's calls with the
// same bytes over kept-alive sockets; it checks nothing. Started by limit.ts.
'use strict';

const { Buffer } = require('node:buffer');
const { createHmac } = require('node:crypto');
const http = require('node:http');
const https = require('node:https');

const { tiki, signBlob, signBlobPlain, caPem } = JSON.parse(process.env.BENCH_UPSTREAMS);
const { BENCH_CALLS, GCLOUD_PROJECT, TIKI_CLIENT_KEY, TIKI_CLIENT_SECRET } = process.env;
const ACCOUNT = `runtime@${GCLOUD_PROJECT}.iam.gserviceaccount.com`;
const tikiUrl = new URL(`${tiki}/oauth/auth/token`);
const tikiCall = {
  transport: http,
  host: tikiUrl.hostname,
  port: tikiUrl.port,
  path: tikiUrl.pathname,
  agent: new http.Agent({ keepAlive: true }),
};

function signCallTo(address, call) {
  const [host, port] = address.split(':');
  const path = `/v1/projects/-/serviceAccounts/${ACCOUNT}:signBlob`;
  return { host, port, path, ...call };
}
const signCall = {
  tiki: undefined,
  'tiki, signBlob': signCallTo(signBlobPlain, {
    transport: http,
    agent: new http.Agent({ keepAlive: true }),
  }),
  'tiki, signBlob with TLS': signCallTo(signBlob, {
    transport: https,
    agent: new https.Agent({ keepAlive: true, ca: caPem }),
    servername: 'iamcredentials.googleapis.com',
  }),
}[BENCH_CALLS];

function read(stream) {
  return new Promise((resolve, reject) => {
    let body = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk) => (body += chunk));
    stream.on('end', () => resolve(body));
    stream.on('error', reject);
  });
}

function post({ transport, ...call }, headers, body) {
  const all = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const request = transport.request({ ...call, method: 'POST', headers: all });
    request.on('response', (answer) => resolve(read(answer)));
    request.on('error', reject);
    request.end(body);
  });
}

function tikiHeaders(body) {
  const timestamp = String(Date.now());
  const payload = Buffer.from(`${timestamp}.${TIKI_CLIENT_KEY}.${body}`).toString('base64url');
  const signature = createHmac('sha256', TIKI_CLIENT_SECRET).update(payload).digest('hex');
  return {
    'X-Tiniapp-Timestamp': timestamp,
    'X-Tiniapp-Client-Id': TIKI_CLIENT_KEY,
    'X-Tiniapp-Client-Key': TIKI_CLIENT_KEY,
    'X-Tiniapp-Signature': signature,
  };
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function unsignedToken(uid) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ACCOUNT, sub: ACCOUNT, iat: now, exp: now + 3600, uid };
  return `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
}

async function sign(token) {
  // A key file: no call. The signature itself is left out, which only makes the limit faster.
  if (signCall === undefined) return '';
  const payload = JSON.stringify({ payload: Buffer.from(token).toString('base64') });
  const answer = await post(signCall, { Authorization: 'Bearer bench' }, payload);
  return Buffer.from(JSON.parse(answer).signedBlob, 'base64').toString('base64url');
}

async function logIn(request) {
  const exchange = JSON.stringify({ code: JSON.parse(await read(request)).code });
  const answer = await post(tikiCall, tikiHeaders(exchange), exchange);
  const uid = `tiki:${/"id":(\d+)/.exec(answer)[1]}`;
  const token = unsignedToken(uid);
  const customToken = `${token}.${await sign(token)}`;
  return JSON.stringify({ customToken, expiresIn: 3600, uid });
}

const server = http.createServer((request, response) => {
  logIn(request).then(
    (body) => {
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
      });
      response.end(body);
    },
    () => response.destroy(),
  );
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', () => process.exit());
