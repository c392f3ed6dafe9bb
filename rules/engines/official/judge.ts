import {
  assertFails,
  initializeTestEnvironment,
  type RulesTestContext,
} from '@firebase/rules-unit-testing';
import { setLogLevel } from 'firebase/firestore';
import type { Case, Service, Verdict } from '../../case';
import { people, type Person, type Who } from '../../people';
import { world } from '../../world';
import { database } from './database';
import { firestore } from './firestore';
import type { OfficialService } from './service';
import { storage } from './storage';

const SERVICES: Readonly<Record<Service, OfficialService>> = { firestore, database, storage };

export interface OfficialJudge {
  readonly judge: (asked: Case) => Promise<Verdict>;
  readonly close: () => Promise<void>;
}

export interface OfficialOptions {
  readonly service: Service;
  /** `address:port` of the emulator; other services are found by their variables. */
  readonly host: string;
  readonly rules: string;
  readonly projectId: string;
  /** Epoch ms. Must be about the current time, because the emulators use their own clock. */
  readonly now: number;
}

/** Judges rows with one of Google's emulators, through @firebase/rules-unit-testing. */
export async function officialJudge(options: OfficialOptions): Promise<OfficialJudge> {
  const { service, host, rules, projectId, now } = options;
  const { ask, restore } = SERVICES[service];
  const [address = '', port = ''] = host.split(':');
  // Denials are expected here; the SDK would print each of them.
  setLogLevel('error');
  const environment = await initializeTestEnvironment({
    projectId,
    [service]: { host: address, port: Number(port), rules },
  });
  const before = world(now);
  const everybody: Readonly<Record<string, Person>> = people(now);
  const clients = new Map<Who, RulesTestContext>();
  const clientOf = (who: Who): RulesTestContext => {
    const auth = everybody[who]?.auth;
    const client =
      clients.get(who) ??
      (auth
        ? environment.authenticatedContext(auth.uid, { ...auth.token })
        : environment.unauthenticatedContext());
    clients.set(who, client);
    return client;
  };
  await environment.withSecurityRulesDisabled((server) => restore(server, before));
  return {
    judge: async (asked) => {
      const answer = ask(clientOf(asked.who), asked);
      const denied = await answer.then(
        () => false,
        // Errors other than a denial are rethrown.
        () => assertFails(answer).then(() => true),
      );
      if (denied) return 'deny';
      if (asked.operation !== 'get' && asked.operation !== 'list') {
        await environment.withSecurityRulesDisabled((server) =>
          restore(server, before, asked.path),
        );
      }
      return 'allow';
    },
    close: () => environment.cleanup(),
  };
}
