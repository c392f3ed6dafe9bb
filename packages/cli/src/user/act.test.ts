import { runBridge } from '../run';

/** Nothing listens on port 1. */
const NOWHERE = {
  FIRESTORE_EMULATOR_HOST: '127.0.0.1:1',
  FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:1',
};

it('says that no emulator runs, and how to repeat the command', async () => {
  expect(await runBridge(['user', 'delete', 'tiki:1', '--yes'], NOWHERE)).toMatchObject({
    code: 1,
    stderr:
      'Nothing listens at 127.0.0.1:1. Are the emulators running?\n' +
      'Repeat it with: npm run bridge -- user delete tiki:1 --yes\n',
  });
});
