import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEntry } from 'firebase-functions/logger';
import { createBackend } from '../../src/backend/assemble';
import { backend } from '../../src/functions';
import { answerWith } from '../../src/server/take-over';

it('is left out of a deployment that names no PRIVATE_BACKEND_URL', () => {
  expect(JSON.stringify(backend.__endpoint.omit)).toContain('PRIVATE_BACKEND_URL');
  expect(backend.__endpoint.secretEnvironmentVariables).toEqual([{ key: 'SESSION_KEYS' }]);
});

it('says so where it is deployed all the same, and how to set it up in the log', async () => {
  const entries: LogEntry[] = [];
  const server = createServer();
  answerWith(
    server,
    createBackend({ GCLOUD_PROJECT: 'demo' }, { log: (entry) => entries.push(entry) }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/backend/whoami`);
  server.close();
  server.closeAllConnections();
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 'not-configured' });
  expect(entries).toMatchObject([
    { operator: { cause: 'PRIVATE_BACKEND_URL is not set' }, route: 'backend' },
  ]);
});
