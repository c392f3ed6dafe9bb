import { newPath, newSignedInPage, newUid, usersAt, world } from '../support/world';

it.each(['cors', 'no-cors'])('a %s request to another origin carries no token', async (mode) => {
  const page = await newSignedInPage(newUid());
  const { foreign } = world();
  foreign.routes.set('/api', () => ({
    headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' },
  }));
  const target = newPath('/api');

  await page.evaluate(`fetch('${foreign.origin}${target}', { method: 'POST', mode: '${mode}' })`);

  // A preflight would mean that a header had been added.
  expect(foreign.at(target).map(({ method }) => method)).toEqual(['POST']);
  expect(usersAt(target, foreign)).toEqual([null]);
});
