import { parseJavaVersion } from './java';

describe('the version of Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "26-ea" 2026-03-17', 26],
  ])('is read from %s', (text, major) => {
    expect(parseJavaVersion(text)).toBe(major);
  });

  it("is undefined for the output of macOS's placeholder", () => {
    expect(parseJavaVersion('Unable to locate a Java Runtime.')).toBeUndefined();
  });
});
