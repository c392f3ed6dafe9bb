import { newPath, newSignedInPage, newUid, usersAt, world } from '../support/world';

// A foreign site posts a form to ours. What the worker sends is same-origin: if it touched this
// request, it would arrive with the user's token and our own Origin.
it('a form of a foreign site arrives without the token, and with its own Origin', async () => {
  const uid = newUid();
  const page = await newSignedInPage(uid);
  const { site, foreign } = world();
  const target = newPath('/transfer');
  foreign.routes.set('/form', () => ({
    headers: { 'Content-Type': 'text/html' },
    body: `<form method="post" action="${site.origin}${target}"><input name="to" value="thief"></form>`,
  }));
  await page.goto(`${foreign.origin}/form`);

  await page.evaluate('document.forms[0].submit()');
  await page.waitForURL(`**${target}`);

  expect(site.at(target)).toMatchObject([
    {
      method: 'POST',
      body: 'to=thief',
      headers: { origin: foreign.origin, 'sec-fetch-site': 'cross-site' },
    },
  ]);
  expect(usersAt(target)).toEqual([null]);

  // The same worker adds the token to what our own page sends.
  await page.goto(`${site.origin}/page`);
  await page.evaluate(`fetch('${target}&own', { method: 'POST' })`);
  expect(usersAt(`${target}&own`)).toEqual([uid]);
});

it('so do forms of our own pages, which therefore use fetch or the cookie', async () => {
  const page = await newSignedInPage(newUid());
  const { site } = world();
  const target = newPath('/own-form');

  await page.evaluate(`(() => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: '${target}' });
    document.body.append(form);
    form.submit();
  })()`);
  await page.waitForURL(`**${target}`);

  expect(site.at(target)).toMatchObject([{ method: 'POST', headers: { origin: site.origin } }]);
  expect(usersAt(target)).toEqual([null]);
});
