import path from 'node:path';
import type * as Client from 'tiki-firebase-client';
import type * as Aggregate from 'tiki-firebase-client/aggregate';
import type * as Converter from 'tiki-firebase-client/converter';
import type * as FirestoreClient from 'tiki-firebase-client/firestore';
import type * as Listen from 'tiki-firebase-client/listen';
import type * as Transaction from 'tiki-firebase-client/transaction';
import type * as FunctionsClient from 'tiki-firebase-client/functions';
import type * as HandOverClient from 'tiki-firebase-client/hand-over';
import type * as PaymentsClient from 'tiki-firebase-client/payments';
import type * as StorageClient from 'tiki-firebase-client/storage';
import { type Build, buildPackage } from './build';
import type { Phone } from './phone';
import { openWorld, type World } from './world';

/** Builds the client without its types, which take the longest. */
export const buildClient = () => buildPackage('tini-client', ['--no-types']);

export interface OpenedApp extends World {
  readonly client: typeof Client;
  readonly firestoreClient: typeof FirestoreClient;
  /** The entries that build on Firestore. */
  readonly aggregate: typeof Aggregate;
  readonly converter: typeof Converter;
  readonly listen: typeof Listen;
  readonly transaction: typeof Transaction;
  readonly storageClient: typeof StorageClient;
  readonly functionsClient: typeof FunctionsClient;
  readonly firebase: Client.TikiFirebase;
}

export type AppOptions = Omit<Client.TikiFirebaseOptions, 'my' | 'baseUrl' | 'projectId'> & {
  readonly baseUrl?: string;
  readonly projectId?: string;
};

/** Opens a mini program that only creates the client, as published. */
export function openApp(build: Build, phone: Phone, options: AppOptions = {}): OpenedApp {
  const world = openWorld(phone);
  // Bundled from the sources that these types come from.
  const load = (name: string) => world.run(path.join(build.folder, 'cjs', `${name}.js`));
  const client = load('tiki-firebase') as typeof Client;
  const firestoreClient = load('firestore') as typeof FirestoreClient;
  const storageClient = load('storage') as typeof StorageClient;
  const functionsClient = load('functions') as typeof FunctionsClient;
  const handOverClient = load('hand-over') as typeof HandOverClient;
  const paymentsClient = load('payments') as typeof PaymentsClient;
  const firebase = client.createTikiFirebase({
    // The simulated my has all functions that the client uses.
    my: world.my as unknown as Client.My,
    baseUrl: phone.domains[0] ?? '',
    projectId: 'demo-tiki-bridge',
    firestore: firestoreClient.firestore,
    storage: storageClient.storage,
    functions: functionsClient.functions,
    handOver: handOverClient.handOver,
    payments: paymentsClient.payments,
    ...phone.timers,
    random: () => 0,
    ...options,
  });
  return {
    ...world,
    client,
    firestoreClient,
    storageClient,
    functionsClient,
    aggregate: load('aggregate') as typeof Aggregate,
    converter: load('converter') as typeof Converter,
    listen: load('listen') as typeof Listen,
    transaction: load('transaction') as typeof Transaction,
    firebase,
  };
}
