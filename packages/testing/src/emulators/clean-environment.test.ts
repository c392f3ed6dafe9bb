import { cleanEnvironment } from './clean-environment';

describe('the environment of the emulators', () => {
  it('keeps what programs need to run, and adds the given variables', () => {
    expect(cleanEnvironment({ PATH: '/bin', LANG: 'vi_VN.UTF-8' }, { HOME: '/tmp/h' })).toEqual({
      PATH: '/bin',
      LANG: 'vi_VN.UTF-8',
      HOME: '/tmp/h',
    });
  });

  it.each([
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GOOGLE_CLOUD_PROJECT',
    'FIREBASE_TOKEN',
    'FIRESTORE_EMULATOR_HOST',
    'HTTPS_PROXY',
    'NODE_ENV',
    'NODE_OPTIONS',
    'TIKI_CLIENT_SECRET',
  ])('leaves %s of the shell behind', (name) => {
    expect(cleanEnvironment({ [name]: 'from the shell' })).toEqual({});
  });
});
