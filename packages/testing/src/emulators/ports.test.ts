import { once } from 'node:events';
import net from 'node:net';
import { BusyPortError, findFreePorts, isFree, LOOPBACK, requireFree } from './ports';

async function listen(host?: string): Promise<{ port: number; server: net.Server }> {
  const server = net.createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP server');
  return { port: address.port, server };
}

describe('ports', () => {
  it('finds a different free port for each name', async () => {
    const ports = await findFreePorts(['auth', 'functions', 'hosting']);

    expect(Object.keys(ports).sort()).toEqual(['auth', 'functions', 'hosting']);
    expect(new Set(Object.values(ports)).size).toBe(3);
    for (const port of Object.values(ports)) expect(await isFree(port)).toBe(true);
  });

  it.each([
    ['on the loopback address', LOOPBACK],
    ['on every address', undefined],
  ])('sees that somebody listens %s', async (_where, host) => {
    const { port, server } = await listen(host);

    expect(await isFree(port)).toBe(false);
    server.close();
  });

  it('lists every busy port and the service that needs it', async () => {
    const { port, server } = await listen(LOOPBACK);
    const { other } = await findFreePorts(['other']);

    const refusal = requireFree([
      { service: 'Auth emulator', port },
      { service: 'Tiki simulator', port: other },
    ]);

    await expect(refusal).rejects.toThrow(BusyPortError);
    await expect(refusal).rejects.toMatchObject({ busy: [{ service: 'Auth emulator', port }] });
    server.close();
  });
});
