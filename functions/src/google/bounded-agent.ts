import https from 'node:https';

/** Not among the errors that firebase-admin repeats a call for: nobody waits any more. */
class SilentUpstream extends Error {
  readonly code = 'ESILENT';
}

/**
 * Kept-alive connections that are cut after `silenceMs` without a byte. firebase-admin puts no
 * bound on its call to signBlob: we stop waiting, but its socket would stay for good.
 */
export function boundedAgent(silenceMs: number): https.Agent {
  const agent = new https.Agent({ keepAlive: true, timeout: silenceMs });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    socket?.on('timeout', () => {
      socket.destroy(new SilentUpstream('no byte for too long'));
    });
    return socket;
  };
  return agent;
}
