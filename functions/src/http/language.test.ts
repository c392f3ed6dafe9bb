import { preferredLanguage } from './language';

describe('preferredLanguage', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['vi', 'vi'],
    ['vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7', 'vi'],
    ['en-US,en;q=0.9,vi;q=0.8', 'en'],
    ['fr,vi;q=0.5,en;q=0.4', 'vi'],
    ['VI', 'vi'],
    ['vi;q=0', 'en'],
    ['en, vi', 'en'],
    ['vi;q=0.5, en;q=1.0', 'en'],
    ['fr', 'en'],
    ['vietnamese', 'en'],
    ['vi;q=2', 'en'],
    [`${'x'.repeat(300)},vi`, 'en'],
  ])('reads %j as %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});
