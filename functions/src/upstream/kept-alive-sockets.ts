import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../clock';

/**
 * How long a connection may be idle and still be used. An auth code must not be risked on a
 * connection that the other side may be closing: the failure would be unclear, and a code whose
 * fate is unclear cannot be sent again.
 */
const MAX_IDLE_MS = 4_000;

/** Calls in progress to one host; above an instance's own concurrency of 80. */
const MAX_SOCKETS = 256;

export interface KeptAliveSockets {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  /** Called before each request. */
  dropStale(): void;
  destroy(): void;
}

/**
 * Connections that stay open between requests, so that a login does not pay for a TLS handshake.
 *
 * An instance without traffic is frozen, its timers with it. A time-out alone would fire too late,
 * so the age of idle sockets is checked when the next request is about to leave.
 */
export function keptAliveSockets(clock: Pick<Clock, 'elapsed'>): KeptAliveSockets {
  const idleSince = new WeakMap<Socket, number>();
  const options = {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    scheduling: 'lifo',
    timeout: MAX_IDLE_MS,
  } as const;
  const agents = [new http.Agent(options), new https.Agent(options)] as const;
  for (const agent of agents) {
    agent.on('free', (socket: Socket) => idleSince.set(socket, clock.elapsed()));
  }
  return {
    httpAgent: agents[0],
    httpsAgent: agents[1],
    dropStale: () => {
      const limit = clock.elapsed() - MAX_IDLE_MS;
      for (const agent of agents) {
        for (const socket of Object.values(agent.freeSockets).flatMap((list) => list ?? [])) {
          if ((idleSince.get(socket) ?? 0) < limit) socket.destroy();
        }
      }
    },
    destroy: () => {
      agents.forEach((agent) => {
        agent.destroy();
      });
    },
  };
}
