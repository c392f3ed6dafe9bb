import { newPath, newSignedInPage, newUid, usersAt, world } from '../support/world';

const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };

// An open redirect on our site, to a thief who accepts everything.
it('a request that is redirected to another origin arrives there without the token', async () => {
  const uid = newUid();
  const page = await newSignedInPage(uid);
  const { site, foreign } = world();
  const target = newPath('/thief');
  site.routes.set('/leave', () => ({
    status: 307,
    headers: { Location: foreign.origin + target, ...CORS },
  }));
  foreign.routes.set('/thief', () => ({ headers: CORS }));

  await page.evaluate(`fetch('/leave?fetch')`);
  await page.goto(`${site.origin}/leave?navigation`);

  expect(usersAt('/leave')).toEqual([uid, uid]);
  expect(foreign.at(target).map(({ method }) => method)).toEqual(['GET', 'GET']);
  expect(usersAt(target, foreign)).toEqual([null, null]);
});

it('an image that is redirected to another origin still loads', async () => {
  const page = await newSignedInPage(newUid());
  const { site, foreign } = world();
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>';
  site.routes.set('/picture', () => ({
    status: 302,
    headers: { Location: `${foreign.origin}/picture` },
  }));
  foreign.routes.set('/picture', () => ({
    headers: { 'Content-Type': 'image/svg+xml' },
    body: svg,
  }));

  const width = await page.evaluate(`new Promise((done) => {
    const image = new Image();
    image.onload = image.onerror = () => done(image.naturalWidth);
    image.src = '/picture';
  })`);

  expect(width).toBe(7);
});
