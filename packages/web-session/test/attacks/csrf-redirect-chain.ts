import { newPath, newSignedInPage, newUid, usersAt, world } from '../support/world';

/** A foreign page whose form is redirected to our site, by way of `via`. */
async function submitForm(status: number, method: string, target: string) {
  const { site, foreign } = world();
  const page = await newSignedInPage(newUid());
  foreign.routes.set('/chain', () => ({
    headers: { 'Content-Type': 'text/html' },
    body: `<form method="${method}" action="/hop"><input name="to" value="thief"></form>`,
  }));
  foreign.routes.set('/hop', () => ({ status, headers: { Location: `${site.origin}/hop` } }));
  site.routes.set('/hop', () => ({ status, headers: { Location: target } }));
  await page.goto(`${foreign.origin}/chain`);
  await page.evaluate('document.forms[0].submit()');
  await page.waitForURL(`**${target}`);
  return page;
}

// 307 and 308 repeat the POST with its body, here across two sites and within ours.
it.each([307, 308])('a foreign POST redirected by %i arrives without the token', async (status) => {
  const target = newPath('/transfer');
  await submitForm(status, 'post', target);

  const { site } = world();
  expect(site.at(target)).toMatchObject([{ method: 'POST', body: 'to=thief' }]);
  // A redirected request has an opaque origin, and never ours.
  expect(site.at(target)[0]?.headers.origin).toBe('null');
  expect(usersAt(target)).toEqual([null]);
});

it('a foreign POST redirected by 303 becomes GET, which changes nothing', async () => {
  const target = newPath('/transfer');
  await submitForm(303, 'post', target);

  expect(world().site.at(target)).toMatchObject([{ method: 'GET', body: '' }]);
});
