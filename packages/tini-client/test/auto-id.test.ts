import { autoId } from '../src/auto-id';

const globals = globalThis as { crypto?: unknown };
const original = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
const setCrypto = (value: unknown) =>
  Object.defineProperty(globals, 'crypto', { value, configurable: true });

afterEach(() => {
  jest.restoreAllMocks();
  if (original) Object.defineProperty(globals, 'crypto', original);
});

it('takes random bytes from crypto where there is one, each character equally likely', () => {
  let next = 0;
  setCrypto({
    getRandomValues(bytes: Uint8Array) {
      bytes[0] = next++;
      return bytes;
    },
  });
  // Of 256 values, the first 248 give 62 characters four times.
  const ids = Array.from({ length: 12 }, autoId).join('');
  const counts = new Map<string, number>();
  for (const character of ids) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(ids).toMatch(/^[A-Za-z0-9]{240}$/);
  expect(counts.size).toBe(62);
  expect(Math.max(...counts.values())).toBe(4);
});

it.each([undefined, {}])('makes ids of 20 characters with crypto being %j', (crypto) => {
  setCrypto(crypto);
  const ids = new Set(Array.from({ length: 1000 }, autoId));
  expect(ids.size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{20}$/);
});

it('differs between phones whose engines seed Math.random alike', () => {
  setCrypto(undefined);
  let state = 0;
  jest.spyOn(Math, 'random').mockImplementation(() => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  });
  const clock = jest.spyOn(Date, 'now');
  const ids = [0, 1, 300, 86_400_000].map((later) => {
    state = 1;
    clock.mockReturnValue(Date.UTC(2026, 10, 22, 1, 2, 3) + later);
    return autoId();
  });
  expect(new Set(ids).size).toBe(4);
});
