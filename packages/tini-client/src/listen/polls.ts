import { type ErrorCode, type ErrorExtras, type TikiFirebaseError } from '../errors';
import { checkDocument } from '../firestore/decode';
import { runQuery } from '../firestore/query';
import { getAll } from '../firestore/read';
import { type Source } from '../firestore/source';
import { createCache } from './cache';
import { nextPause, type Outcome, SHORTEST_MS } from './pause';
import {
  type Documents,
  end,
  give,
  type Listener,
  settle,
  type Target,
  type Watched,
} from './watched';

/** Failures that a later poll would meet again. */
const FINAL: readonly ErrorCode[] = [
  'permission-denied',
  'forbidden',
  'invalid-argument',
  'failed-precondition',
  'not-found',
];

/** Text without a code, such as a page of a Wi-Fi's login: says nothing of Firestore. */
const isPage = ({ body }: ErrorExtras) => !!body && !Object.keys(body).length;

export interface Polls {
  /** Returns the unsubscribe function. */
  readonly watch: (target: Target, listener: Listener) => () => void;
  readonly hide: () => void;
  readonly show: () => void;
}

/** Polls what is listened to: one timer for all, and one request for all documents. */
export function createPolls({ connection, afterWrite }: Source<unknown>): Polls {
  const { my, methods } = connection;
  const check = (document: unknown) => checkDocument(connection, document);
  const cache = createCache(connection);
  const watched = new Map<string, Watched>();
  let uid: string | undefined;
  let isHidden = false;
  let isPolling = false;
  /** Counts what should show at once: writes, new listeners, another user. */
  let events = 0;
  let pause = SHORTEST_MS;
  let timer: unknown;

  function schedule(ms: number): void {
    // Returned by the matching setTimeout.
    connection.clearTimeout(timer as never);
    if (isHidden || !uid || !watched.size) return;
    timer = connection.setTimeout(() => {
      void poll();
    }, ms);
  }

  function pollSoon(): void {
    pause = SHORTEST_MS;
    events++;
    // In a moment, so that listeners that are added together share a request.
    if (!isPolling) schedule(0);
  }

  async function giveCached(entry: Watched, listener: Listener): Promise<void> {
    const asked = uid;
    const documents = asked && (await cache.load(asked, entry.key));
    // Not after an answer of the server, nor to another user.
    const isFirst = entry.listeners.has(listener) && !entry.listeners.get(listener);
    if (documents && isFirst && uid === asked) give(entry, listener, documents, 'cache');
  }

  /** One request for all of these. */
  async function ask(
    wanted: readonly Watched[],
    request: () => Promise<readonly Documents[]>,
  ): Promise<readonly Outcome[]> {
    const asked = uid;
    const isWanted = (entry: Watched) => uid === asked && watched.get(entry.key) === entry;
    try {
      const answers = await request();
      return wanted.map((entry, index) => {
        const documents = answers[index] || [];
        if (!(isWanted(entry) && settle(entry, documents))) return 'unchanged';
        if (asked) cache.save(asked, entry.key, documents);
        return 'changed';
      });
    } catch (error) {
      // `call` throws nothing else.
      const { code, extras } = error as TikiFirebaseError;
      if (FINAL.indexOf(code) < 0 || isPage(extras))
        return [{ retryAfterMs: (extras.retryAfter || 0) * 1000 }];
      // One document that may not be read fails the request for all.
      if (wanted.length > 1) return askForEach(wanted);
      for (const entry of wanted.filter(isWanted)) {
        watched.delete(entry.key);
        end(entry, error);
      }
      return [];
    }
  }

  function askForDocuments(wanted: readonly Watched[]): Promise<readonly Outcome[]> {
    // Documents have a path.
    const paths = wanted.map(({ target }) => target as string);
    return ask(wanted, async () => (await getAll(connection, paths)).map((document) => [document]));
  }

  async function askForEach(wanted: readonly Watched[]): Promise<readonly Outcome[]> {
    const outcomes = await Promise.all(wanted.map((entry) => askForDocuments([entry])));
    return outcomes.reduce((all, each) => all.concat(each), []);
  }

  async function poll(): Promise<void> {
    isPolling = true;
    const seen = events;
    const documents: Watched[] = [];
    const requests: Promise<readonly Outcome[]>[] = [];
    watched.forEach((entry) => {
      const { target } = entry;
      if (typeof target === 'string') documents.push(entry);
      else
        requests.push(ask([entry], async () => [await runQuery(connection, () => target, check)]));
    });
    if (documents.length) requests.push(askForDocuments(documents));
    const outcomes = await Promise.all(requests);
    isPolling = false;
    if (seen !== events) {
      pollSoon();
      return;
    }
    pause = nextPause(
      pause,
      outcomes.reduce((all, each) => all.concat(each), []),
    );
    // Spreads phones that failed together.
    schedule(pause * (1 + connection.random() / 4));
  }

  function show(): void {
    isHidden = false;
    pollSoon();
  }

  function hide(): void {
    isHidden = true;
    schedule(0);
  }

  if (my.onAppShow) my.onAppShow(show);
  if (my.onAppHide) my.onAppHide(hide);
  afterWrite.add(pollSoon);
  methods.onAuthStateChanged((user) => {
    const next = user ? user.uid : undefined;
    if (uid || !next) cache.clear();
    uid = next;
    watched.forEach((entry) => {
      entry.documents = undefined;
      entry.listeners.forEach((_, listener) => {
        entry.listeners.set(listener, undefined);
        void giveCached(entry, listener);
      });
    });
    pollSoon();
  });

  return {
    hide,
    show,
    watch(target, listener) {
      const key = JSON.stringify(target);
      const entry: Watched = watched.get(key) || { key, target, listeners: new Map() };
      watched.set(key, entry);
      entry.listeners.set(listener, undefined);
      if (entry.documents) give(entry, listener, entry.documents, 'server');
      else void giveCached(entry, listener);
      pollSoon();
      return () => {
        entry.listeners.delete(listener);
        if (!entry.listeners.size && watched.get(key) === entry) watched.delete(key);
      };
    },
  };
}
