import { newPath, newSignedInPage, newUid, usersAt, world } from '../support/world';

// A frame in a foreign page is in a storage partition of its own, where our worker is not installed.
it('a frame in a foreign page loads our page without the token, and cannot post with it', async () => {
  const uid = newUid();
  const page = await newSignedInPage(uid);
  const { site, foreign } = world();
  const [framed, posted] = [newPath('/framed'), newPath('/transfer')];
  foreign.routes.set('/frames', () => ({
    headers: { 'Content-Type': 'text/html' },
    body: `<iframe name="victim"></iframe>
      <form method="post" target="victim" action="${site.origin}${posted}"></form>`,
  }));
  await page.goto(`${foreign.origin}/frames`);

  await page.evaluate(`(async () => {
    const frame = document.querySelector('iframe');
    const loaded = () => new Promise((done) => frame.addEventListener('load', done, { once: true }));
    let wait = loaded();
    frame.src = '${site.origin}${framed}';
    await wait;
    wait = loaded();
    document.forms[0].submit();
    await wait;
  })()`);

  expect(usersAt(framed)).toEqual([null]);
  expect(site.at(posted)).toMatchObject([{ method: 'POST', headers: { origin: foreign.origin } }]);
  expect(usersAt(posted)).toEqual([null]);
});
