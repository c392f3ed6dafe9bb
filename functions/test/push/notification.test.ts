import { isSwitchedOff, KINDS, notificationContent } from '../../src/push/notification';
import { textOf } from '../../src/push/texts';

const MESSAGE = { title: 'Chào', body: 'Bạn khoẻ không?' };

it('takes a title and a body, and opens the first page', () => {
  expect(notificationContent.parse(MESSAGE)).toEqual({ ...MESSAGE, kind: 'message', path: '/' });
});

it.each(['/', '/orders/1?a=b#c', '/%2F%2Fevil.example'])('opens %s', (path) => {
  expect(notificationContent.parse({ ...MESSAGE, path })).toMatchObject({ path });
});

it.each([
  '//evil.example',
  '/\\evil.example',
  '/a\\b',
  'https://evil.example',
  'javascript:alert(1)',
  'orders',
  '',
  '/a b',
  '/\t/evil.example',
  `/${'a'.repeat(300)}`,
])('opens no other site: %j', (path) => {
  expect(notificationContent.safeParse({ ...MESSAGE, path }).success).toBe(false);
});

it.each([
  { ...MESSAGE, title: '' },
  { ...MESSAGE, title: 'a'.repeat(121) },
  { ...MESSAGE, body: ' \n' },
  { ...MESSAGE, body: 'a'.repeat(801) },
  { title: 'a' },
  { kind: 'premium-opened' },
  { kind: 'premium-opened', premiumUntil: 1.5 },
  { kind: 'premium-ended', premiumUntil: null },
  { kind: 'other', ...MESSAGE },
])('refuses %j', (content) => {
  expect(notificationContent.safeParse(content).success).toBe(false);
});

it('is switched off by false, and by nothing else', () => {
  for (const kind of KINDS) {
    expect(isSwitchedOff(kind, { [kind]: false, other: 1 })).toBe(true);
    for (const settings of [undefined, {}, { [kind]: true }, { [kind]: 'false' }, 'false']) {
      expect(isSwitchedOff(kind, settings)).toBe(false);
    }
  }
});

it('has a text for every kind in both languages', () => {
  const premiumUntil = Date.UTC(2026, 10, 30, 20);
  for (const kind of KINDS) {
    if (kind === 'message') continue;
    for (const [language, day] of [
      ['vi', '1/12/2026'],
      // Viet Nam is seven hours ahead: the 1st has begun there.
      ['en', '1 December 2026'],
    ] as const) {
      const { title, body } = textOf({ kind, premiumUntil, path: '/' }, language);
      expect(title).not.toBe('');
      expect(body).toContain(day);
    }
    for (const language of ['vi', 'en'] as const) {
      const far = { kind, premiumUntil: 8_640_000_000_000_000, path: '/' } as const;
      expect(textOf(far, language).body).not.toContain('275760');
    }
  }
});
