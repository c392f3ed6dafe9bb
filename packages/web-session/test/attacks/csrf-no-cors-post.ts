import { newPath, newSignedInPage, newUid, usersAt, world } from '../support/world';

// The way in which a script posts to another site without a preflight.
it('a no-cors POST by a script of a foreign site arrives without the token', async () => {
  const page = await newSignedInPage(newUid());
  const { site, foreign } = world();
  const target = newPath('/transfer');
  await page.goto(`${foreign.origin}/`);

  await page.evaluate(`fetch('${site.origin}${target}', {
    method: 'POST', mode: 'no-cors', credentials: 'include', body: 'to=thief',
  })`);

  expect(site.at(target)).toMatchObject([
    { method: 'POST', body: 'to=thief', headers: { origin: foreign.origin } },
  ]);
  expect(usersAt(target)).toEqual([null]);
});
