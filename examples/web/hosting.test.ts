import { readFirebaseJson } from '@tiki-bridge/testing/emulators/project-files';

const { hosting } = readFirebaseJson(__dirname);

it('serves everything of the bridge too, since a deployment replaces the whole site', () => {
  expect(hosting.rewrites).toEqual([
    ...readFirebaseJson().hosting.rewrites,
    { source: '**', function: { functionId: 'app', region: 'asia-southeast1' } },
  ]);
});

it('is no part of the bridge', () => {
  const [own] = readFirebaseJson(__dirname).functions;
  const bridge = readFirebaseJson();

  expect(bridge.functions.map(({ codebase }) => codebase)).not.toContain(own?.codebase);
  expect(JSON.stringify(bridge.hosting)).not.toContain('"app"');
});
