// The limit: what Node alone needs for a login. A bare handler, the same two calls with the same
// bytes, kept-alive sockets; nothing is checked and nothing can go wrong. Started by limit.ts.
'use strict';

const { Buffer } = require('node:buffer');
const { createHmac } = require('node:crypto');
const http = require('node:http');
const https = require('node:https');

const { tiki, signBlob, caPem } = JSON.parse(process.env.BENCH_UPSTREAMS);
const { GCLOUD_PROJECT, TIKI_CLIENT_KEY, TIKI_CLIENT_SECRET } = process.env;
const ACCOUNT = `runtime@${GCLOUD_PROJECT}.iam.gserviceaccount.com`;
const tikiUrl = new URL(`${tiki}/oauth/auth/token`);
const [signHost, signPort] = signBlob.split(':');
const tikiCall = {
  method: 'POST',
  host: tikiUrl.hostname,
  port: tikiUrl.port,
  path: tikiUrl.pathname,
  agent: new http.Agent({ keepAlive: true }),
};
const signCall = {
  method: 'POST',
  host: signHost,
  port: signPort,
  path: `/v1/projects/-/serviceAccounts/${ACCOUNT}:signBlob`,
  servername: 'iamcredentials.googleapis.com',
  agent: new https.Agent({ keepAlive: true, ca: caPem }),
};

function read(stream, done) {
  let body = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => (body += chunk));
  stream.on('end', () => done(body));
}

function post(transport, call, headers, body, done) {
  const all = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  };
  const request = transport.request({ ...call, headers: all }, (answer) => read(answer, done));
  request.end(body);
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

const server = http.createServer((request, response) => {
  read(request, (given) => {
    const exchange = JSON.stringify({ code: JSON.parse(given).code });
    post(http, tikiCall, tikiHeaders(exchange), exchange, (answer) => {
      const uid = `tiki:${/"id":(\d+)/.exec(answer)[1]}`;
      const token = unsignedToken(uid);
      const payload = JSON.stringify({ payload: Buffer.from(token).toString('base64') });
      post(https, signCall, { Authorization: 'Bearer bench' }, payload, (signed) => {
        const signature = Buffer.from(JSON.parse(signed).signedBlob, 'base64');
        const customToken = `${token}.${signature.toString('base64url')}`;
        const body = JSON.stringify({ customToken, expiresIn: 3600, uid });
        response.writeHead(200, {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
        });
        response.end(body);
      });
    });
  });
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', () => process.exit());
