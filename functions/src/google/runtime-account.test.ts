import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAccessTokens } from '@tiki-bridge/testing/google/access-tokens';
import type { LoopbackFake } from '@tiki-bridge/testing/google/loopback-fake';
import { startMetadataServer } from '@tiki-bridge/testing/google/metadata-server';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { systemClock } from '../clock';
import { httpClient } from '../upstream/http-client';
import type { Credentials } from './credentials';
import { runtimeCredentials } from './runtime-account';

const NOW = Date.UTC(2026, 10, 22);
const account = makeServiceAccount('runtime', 'demo');

const client = httpClient(systemClock);
/** Real time, from another moment on. */
const clockAt = (now: () => number) => ({ ...systemClock, now });

describe('runtimeCredentials', () => {
  let metadata: LoopbackFake<'unavailable'>;
  let runtime: Credentials;

  async function start(attached: boolean): Promise<void> {
    metadata = await startMetadataServer({
      projectId: 'demo',
      account: attached ? account : null,
      tokens: createAccessTokens({ now: () => NOW, lifetimeSeconds: 3599 }),
      now: () => NOW,
    });
    process.env['GCE_METADATA_HOST'] = metadata.address;
  }
  beforeEach(async () => {
    runtime = runtimeCredentials(
      client,
      clockAt(() => NOW),
    );
    await start(true);
  });
  afterEach(async () => {
    delete process.env['GCE_METADATA_HOST'];
    client.close();
    await metadata.close();
  });

  it('is named by the metadata server, once and for all', async () => {
    expect(await runtime.email()).toBe(account.email);
    expect(await runtime.email()).toBe(account.email);
    expect(metadata.calls).toHaveLength(1);
  });

  it('gets its access tokens there, and asks for a new one when that is due', async () => {
    let now = NOW;
    const tokens = runtimeCredentials(
      client,
      clockAt(() => now),
    ).accessTokens();
    const first = await tokens.current();
    expect(first).toMatch(/^ya29\.fake-/);
    now += 3_000_000;
    expect(await tokens.current()).toBe(first);
    expect(metadata.calls).toHaveLength(1);
    now += 599_000;
    expect(await tokens.current()).not.toBe(first);
  });

  it('takes what passes for what it is, and asks again', async () => {
    const faults = ['unavailable', 'reset', null] as const;
    metadata.setFault(() => faults[metadata.calls.length] ?? null);
    expect(await runtime.email()).toBe(account.email);
    expect(metadata.calls.map(({ outcome }) => outcome)).toEqual([503, 'reset', 200]);
  });

  it('asks three times at most', async () => {
    metadata.setFault('unavailable');
    await expect(runtime.email()).rejects.toThrow('metadata server: 503 for email');
    expect(metadata.calls).toHaveLength(3);
  });

  it('does not ask again for what is not there', async () => {
    await metadata.close();
    await start(false);
    await expect(runtime.email()).rejects.toThrow('metadata server: 404 for email');
    await expect(runtime.accessTokens().current()).rejects.toThrow('404 for token');
    expect(metadata.calls).toHaveLength(2);
  });

  it('does not quote an answer that it cannot read', async () => {
    metadata.setFault('garbage');
    for (const asked of [runtime.email(), runtime.accessTokens().current()]) {
      await expect(asked).rejects.toThrow(/^metadata server: unreadable answer for (email|token)$/);
    }
  });

  it('rejects an answer without the header of the metadata server', async () => {
    const other = http.createServer((_, response) => response.end(account.email));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    process.env['GCE_METADATA_HOST'] = `127.0.0.1:${port}`;
    await expect(runtime.email()).rejects.toThrow('not the metadata server');
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  });
});
