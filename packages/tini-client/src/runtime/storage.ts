import { fieldsOf, parseJson } from './answer';
import { callMy, type Caller, type Outcome } from './call-my';

const TIMEOUT_MS = 5_000;

/** What is stored after an erasure: overwriting needs no further function of the runtime. */
const NOTHING = '-';

/** One object in `my` storage. None of these functions rejects. */
export interface Storage {
  /** Undefined if there is none, or if storage does not work. */
  readonly load: () => Promise<object | undefined>;
  /** Stores the object, or erases the stored one. False if that failed. */
  readonly save: (value?: object) => Promise<boolean>;
}

type FunctionName =
  'getStorage' | 'setStorage' | 'removeStorage' | 'getEncryptedStorage' | 'setEncryptedStorage';

/** The two kinds of storage: the names of the functions, and of the field with the content. */
const PLAIN = { get: 'getStorage', set: 'setStorage', field: 'data', suffix: '' } as const;
const ENCRYPTED = {
  get: 'getEncryptedStorage',
  set: 'setEncryptedStorage',
  field: 'value',
  // A runtime may keep both kinds in one place.
  suffix: '-encrypted',
} as const;
type Kind = typeof PLAIN | typeof ENCRYPTED;

/**
 * `my` storage is per app, not per Tiki user. The object is kept in encrypted storage where the
 * runtime has it; what an earlier version left in plain storage is moved there.
 */
export function createStorage(caller: Caller<FunctionName>, key: string): Storage {
  const { my } = caller;
  const hasEncrypted = my.getEncryptedStorage && my.setEncryptedStorage;
  const used: Kind = hasEncrypted ? ENCRYPTED : PLAIN;
  const kinds: readonly Kind[] = hasEncrypted ? [ENCRYPTED, PLAIN] : [PLAIN];
  /** By function: the text that storage must end up with. */
  const newest: Record<string, string> = {};
  let last: Promise<unknown> = Promise.resolve();

  // Serialized, so that a slow save cannot overwrite a later erasure.
  function call(name: FunctionName, kind: Kind, options?: object): Promise<Outcome> {
    const all = Object.assign({ key: key + kind.suffix }, options);
    const outcome = last.then(() => callMy(caller, name, all, TIMEOUT_MS));
    last = outcome;
    return outcome;
  }

  async function read(kind: Kind): Promise<object | undefined> {
    const { given } = await call(kind.get, kind);
    // A missing key may be reported as a success without content.
    const value = parseJson(fieldsOf(given)[kind.field]);
    return typeof value === 'object' && value ? value : undefined;
  }

  async function write(kind: Kind, text: string): Promise<boolean> {
    newest[kind.set] = text;
    const complete = () => {
      // It completed after its timeout and has overwritten a newer text.
      const wanted = newest[kind.set];
      if (wanted !== undefined && wanted !== text) void write(kind, wanted);
    };
    const { ok } = await call(kind.set, kind, { [kind.field]: text, complete });
    return !!ok;
  }

  async function erase(kind: Kind): Promise<boolean> {
    if (await write(kind, NOTHING)) return true;
    // Full storage cannot be overwritten.
    const { ok } = await call('removeStorage', kind);
    return !!ok && !(await read(kind));
  }

  /** Plain storage, while it holds what encrypted storage should. */
  let unmoved: Kind | undefined;

  async function store(value: object): Promise<boolean> {
    const isStored = await write(used, JSON.stringify(value));
    if (isStored && unmoved && (await erase(unmoved))) unmoved = undefined;
    return isStored;
  }

  return {
    async load() {
      for (const kind of kinds) {
        const value = await read(kind);
        if (!value) continue;
        if (kind !== used) {
          unmoved = kind;
          // What was saved or erased while this was read is newer.
          await (newest[used.set] === undefined ? store(value) : erase(kind));
        }
        return value;
      }
      return undefined;
    },
    async save(value) {
      if (value) return store(value);
      const erased = await Promise.all(kinds.map(erase));
      return erased.every(Boolean);
    },
  };
}
