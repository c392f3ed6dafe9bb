import { isNode, node24Package } from './node24';

describe('the Node 24 of the tests', () => {
  it.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
    ['win32', 'x64'],
  ] as const)('is of one exact version on %s %s', (platform, arch) => {
    expect(node24Package(platform, arch)?.version).toMatch(/^24\.\d+\.\d+$/);
  });

  it('is missing where nobody publishes one', () => {
    expect(node24Package('aix', 'ppc64')).toBeUndefined();
  });

  it('is no other version, not even by a patch, and no file that is not there', () => {
    const [major, minor, patch] = process.versions.node.split('.');
    expect(isNode(process.execPath, process.versions.node)).toBe(true);
    expect(isNode(process.execPath, `${major}.${minor}.${Number(patch) + 1}`)).toBe(false);
    expect(isNode(process.execPath, `${major}.${minor}`)).toBe(false);
    expect(isNode(`${process.execPath}-of-nobody`, process.versions.node)).toBe(false);
  });
});
