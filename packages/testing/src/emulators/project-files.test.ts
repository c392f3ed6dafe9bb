import { readDemoParameters, readFirebaseJson } from './project-files';

describe('the project files for the emulators', () => {
  it('has the parameters of the demo project, without the comments', () => {
    const parameters = readDemoParameters();

    expect(parameters['TIKI_CLIENT_KEY']).toBe('demo-client-key');
    expect(parameters['TIKI_API_BASE_URL']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
    expect(Object.keys(parameters).filter((name) => name.startsWith('#'))).toEqual([]);
  });

  it('has a port for each of the three emulators', () => {
    const { auth, functions, hosting } = readFirebaseJson().emulators;

    expect(new Set([auth.port, functions.port, hosting.port]).size).toBe(3);
  });
});
