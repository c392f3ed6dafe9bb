import type { ServerResponse } from 'node:http';
import type { IncomingRequest } from './request';

/** Answers one request. Rejects only where its code cannot be loaded. */
export type Handler = (request: IncomingRequest, response: ServerResponse) => Promise<void>;
