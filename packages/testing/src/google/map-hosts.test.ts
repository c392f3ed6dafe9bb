import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PRELOAD = join(__dirname, 'map-hosts.cjs');

let folder: string;
let report: string;
let server: http.Server;
let address: string;

beforeAll((done) => {
  server = http.createServer((req, res) => res.end(`asked for ${req.headers.host ?? ''}`));
  server.listen(0, '127.0.0.1', () => {
    // TCP servers have this kind of address.
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    done();
  });
});
afterAll((done) => {
  server.close(done);
  server.closeAllConnections();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'map-hosts-'));
  report = join(folder, 'report');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs `code` with the preload and returns what it printed. */
async function node(code: string, mapHosts: Record<string, string>): Promise<string> {
  const env = { MAP_HOSTS: JSON.stringify(mapHosts), MAP_HOSTS_REPORT: report };
  const { stdout } = await run(process.execPath, ['--require', PRELOAD, '-e', code], { env });
  return stdout.trim();
}

const BY_HTTP = (url: string): string =>
  `require('http').get('${url}', { agent: new (require('http').Agent)({ keepAlive: false }) },
    (res) => res.pipe(process.stdout)).on('error', (e) => console.log(e.code, e.message))`;
const BY_FETCH = (url: string): string =>
  `fetch('${url}').then((r) => r.text()).then(console.log, (e) => console.log(e.cause.code, e.cause.message))`;

describe('a mapped host', () => {
  it.each([
    ['http', BY_HTTP],
    ['fetch', BY_FETCH],
  ])('is reached at its new address by %s, under its own name', async (_, code) => {
    expect(await node(code('http://metadata/x'), { 'metadata:80': address })).toBe(
      'asked for metadata',
    );
    expect(() => readFileSync(report)).toThrow('ENOENT');
  });

  it('may have a trailing dot or capitals, be an address, or be mapped on all ports', async () => {
    const map = { 'metadata.google.internal:80': address, '169.254.169.254': address };
    expect(await node(BY_HTTP('http://METADATA.google.internal./'), map)).toMatch(/^asked for/);
    expect(await node(BY_HTTP('http://169.254.169.254:8080/'), map)).toMatch(/^asked for/);
  });

  it.each([
    ['connect(port, host)', `net.connect(80, 'metadata')`],
    ['connect(options)', `net.connect({ host: 'metadata', port: '80' })`],
    ['new Socket().connect(port, host)', `new net.Socket().connect(80, 'metadata')`],
    ['new Socket().connect(options)', `new net.Socket().connect({ host: 'metadata', port: 80 })`],
  ])('is reached through net’s %s', async (_, expression) => {
    const code = `const socket = ${expression}; socket.on('connect', () => {
      console.log(socket.remoteAddress + ':' + socket.remotePort); socket.destroy(); })`;
    expect(await node(code, { 'metadata:80': address })).toBe(address);
  });

  it('can only be mapped to loopback', async () => {
    await expect(node('0', { 'metadata:80': '192.0.2.1:80' })).rejects.toThrow(
      /must go to loopback/,
    );
  });
});

describe('a host that is neither mapped nor loopback', () => {
  it.each([
    ['http', BY_HTTP('http://example.com/'), 'example.com:80'],
    ['https', BY_HTTP('http://example.com/').replaceAll('http', 'https'), 'example.com:443'],
    ['fetch', BY_FETCH('https://example.com/'), 'example.com:443'],
    ['fetch of an address', BY_FETCH('http://192.0.2.1:81/'), '192.0.2.1:81'],
    ['fetch of an IPv6 address', BY_FETCH('http://[2001:db8::1]:81/'), '2001:db8::1:81'],
    [
      'http2',
      `require('http2').connect('https://example.com').on('error', (e) => console.log(e.code, e.message))`,
      'example.com:443',
    ],
    [
      'tls',
      `require('tls').connect(443, 'example.com').on('error', (e) => console.log(e.code, e.message))`,
      'example.com:443',
    ],
  ])('is refused to %s as unknown, and reported', async (_, code, connection) => {
    const host = connection.replace(/:\d+$/, '');
    // The mapping includes the port: other ports of the host are not covered.
    expect(await node(code, { 'example.com:8443': address })).toBe(
      `ENOTFOUND getaddrinfo ENOTFOUND ${host}`,
    );
    expect(readFileSync(report, 'utf8')).toBe(`${connection}\n`);
  });
});

describe('loopback', () => {
  it.each(['127.0.0.1', 'localhost', 'localhost.'])('%s remains reachable', async (host) => {
    const url = `http://${host}:${address.split(':')[1] ?? ''}/`;
    expect(await node(BY_HTTP(url), {})).toMatch(/^asked for/);
    expect(() => readFileSync(report)).toThrow('ENOENT');
  });
});
