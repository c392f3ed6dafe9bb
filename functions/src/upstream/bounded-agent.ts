import https from 'node:https';

/** Not one of the errors that make firebase-admin retry: by then no caller is waiting. */
class SilentUpstream extends Error {
  readonly code = 'ESILENT';
}

/** Overridden where Node documents it; the agent's `timeout` alone only emits an event. */
class BoundedAgent extends https.Agent {
  override createConnection(
    ...args: Parameters<https.Agent['createConnection']>
  ): ReturnType<https.Agent['createConnection']> {
    const socket = super.createConnection(...args);
    socket?.on('timeout', () => {
      socket.destroy(new SilentUpstream('no byte for too long'));
    });
    return socket;
  }
}

/**
 * Kept-alive connections that are closed after `silenceMs` without a byte. firebase-admin, which
 * makes its own calls to signBlob, puts no time limit on them: we would stop waiting, but the socket
 * would stay open for ever.
 */
export function boundedAgent(silenceMs: number): https.Agent {
  return new BoundedAgent({ keepAlive: true, timeout: silenceMs });
}
