import type { Answer } from '@tiki-bridge/testing/google/loopback-fake';
import { clinicForEachTest } from '../fakes/clinic';
import { AT, bridgeProblem, serviceJson } from '../fakes/google';
import { html } from '../fakes/internet';

const clinic = clinicForEachTest();

const LOG = 'npx firebase functions:log --only auth --project tiki-shop';
const DEPLOY_HOSTING = 'npx firebase deploy --only hosting --project tiki-shop';

/** The answer of Google's front end for a service that is not public. */
const forbidden = html(403, '403 Forbidden');
const BEHIND_LOAD_BALANCER = {
  [AT.service]: serviceJson('auth', 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER'),
};
const redirect: Answer = {
  status: 301,
  headers: { Location: 'https://www.shop.example.com/auth_exchange' },
  body: '',
};

/** The bound of every request of a run; short, because one hangs. */
const patience = (answer: Answer | 'hang') => (answer === 'hang' ? { timeoutMs: 500 } : {});

describe('the function at its own address', () => {
  const find = (answer: Answer | 'hang') =>
    clinic.find('function-answers', { [AT.functionItself]: answer }, patience(answer));

  it('is asked for a login without a code', async () => {
    expect(await clinic.find('function-answers')).toMatchObject({ state: 'ok' });
    expect(
      clinic.internet.calls.map(({ method, path, body }) => [method, path, body]),
    ).toContainEqual(['POST', '/auth_exchange', '{}']);
  });

  it.each([
    ['is misconfigured', bridgeProblem('misconfigured'), /misconfigured/],
    ['crashes at its start', html(500, 'Error'), /HTTP status 500/],
    ['is another function', { status: 200, body: '{}' }, /HTTP status 200/],
    [
      'only looks like ours',
      { status: 400, body: '{"code":"invalid-request"}' },
      /HTTP status 400/,
    ],
    ['redirects', redirect, /redirects to www\.shop\.example\.com/],
  ])('fails when it %s', async (_, answer, message) => {
    const finding = await find(answer);
    expect(finding?.state).toBe('failed');
    expect(finding?.message).toMatch(message);
    expect(finding?.remedy).toContain(LOG);
  });

  it('fails when it is not public, with the command that makes it so', async () => {
    expect(await find(forbidden)).toMatchObject({
      state: 'failed',
      message: 'Google keeps callers from it',
      remedy:
        'gcloud run services add-iam-policy-binding auth --region asia-southeast1 ' +
        '--project tiki-shop --member allUsers --role roles/run.invoker',
    });
  });

  it('is not checked when it does not answer', async () => {
    expect(await find('hang')).toMatchObject({
      state: 'not-checked',
      message: 'no answer within 0.5 s from https://auth-k3yq7x2n5a-as.a.run.app',
    });
  });

  it.each([forbidden, html(404, 'Not Found')])(
    'is closed at its own address, and rightly, behind a load balancer: $status',
    async (answer) => {
      const routes = { ...BEHIND_LOAD_BALANCER, [AT.functionItself]: answer };
      expect(await clinic.find('function-answers', routes)).toMatchObject({
        state: 'ok',
        message: 'its own address is closed, as it should be behind a load balancer',
      });
    },
  );
});

/** The routes of `auth` on another domain. */
const ofShop = Object.fromEntries(
  ['auth_exchange', 'auth_refresh', 'auth_info'].map((route) => [
    `POST shop.example.com/${route}`,
    bridgeProblem('invalid-request'),
  ]),
);

describe('Hosting', () => {
  const find = (answer: Answer | 'hang') =>
    clinic.find('hosting', { [AT.hosting]: answer }, patience(answer));

  it.each([
    [
      'does not know the route',
      html(404, 'Page Not Found'),
      /does not know \/auth_exchange/,
      DEPLOY_HOSTING,
    ],
    [
      'leads to a function that is not public',
      forbidden,
      /reaches a function that is not public/,
      'npx firebase deploy --only functions:tiki-bridge:auth,hosting --project tiki-shop   # and see "Public"',
    ],
    [
      'leads to a misconfigured function',
      bridgeProblem('misconfigured'),
      /reaches the function, which is misconfigured/,
      `${LOG}   # names what is wrong`,
    ],
    [
      'leads to the other function',
      bridgeProblem('not-found'),
      /\/auth_exchange reaches a function that does not know it/,
      '# is it rewritten to auth in firebase.json? Then\n' +
        'npx firebase deploy --only functions:tiki-bridge:auth,hosting --project tiki-shop',
    ],
    [
      'serves a page for everything',
      html(200, 'Shop'),
      /not answered by the bridge \(HTTP status 200\)/,
      `# is the rewrite's region in firebase.json that of the function? Then\n${DEPLOY_HOSTING}`,
    ],
    [
      'redirects',
      redirect,
      /redirects to www\.shop\.example\.com/,
      'npm run doctor -- --project tiki-shop --domain https://www.shop.example.com',
    ],
  ])('fails when it %s', async (_, answer, message, remedy) => {
    const finding = await find(answer);
    expect(finding?.state).toBe('failed');
    expect(finding?.message).toMatch(message);
    expect(finding?.remedy).toBe(remedy);
  });

  it('is not checked when it does not answer', async () => {
    expect(await find('hang')).toMatchObject({ state: 'not-checked' });
  });

  it('is looked for at the domain that was named, with its validation file', async () => {
    const findings = await clinic.examine(
      {
        ...ofShop,
        [AT.hosting]: html(404, 'Page Not Found'),
      },
      {},
      { domain: 'https://shop.example.com' },
    );
    const stateOf = (name: string) => findings.find(({ check }) => check === name)?.state;
    expect(stateOf('hosting')).toBe('ok');
    expect(stateOf('validation-file')).toBe('failed');
  });

  it('is asked even when the function could not be looked at', async () => {
    const routes = { [AT.function]: html(500, 'Error') };
    expect(await clinic.find('hosting', routes)).toMatchObject({ state: 'ok' });
  });

  it('is asked, with the rest of the way in, even without credentials', async () => {
    const signIn = () => Promise.resolve({ kind: 'none' } as const);
    const findings = await clinic.examine({}, { signIn });
    const stateOf = (name: string) => findings.find(({ check }) => check === name)?.state;
    const names = ['project', 'hosting', 'gateway-hosting', 'validation-file'];
    expect(names.map(stateOf)).toEqual(['not-checked', 'ok', 'ok', 'ok']);
  });

  const REMEDY_BEHIND_LOAD_BALANCER =
    'npm run doctor -- --project tiki-shop --domain https://<domain of the load balancer>\n' +
    '# or let Hosting reach it:\n' +
    '# gcloud run services update auth --region asia-southeast1 --project tiki-shop --ingress all';

  it('is warned of where it cannot reach a function behind a load balancer', async () => {
    const routes = { ...BEHIND_LOAD_BALANCER, [AT.hosting]: html(404, 'Not Found') };
    expect(await clinic.find('hosting', routes)).toEqual({
      check: 'hosting',
      state: 'warning',
      message:
        'https://tiki-shop.web.app/auth_exchange is not answered by the bridge (HTTP status 404): ' +
        "only a load balancer reaches it, Hosting's rewrites do not",
      remedy: REMEDY_BEHIND_LOAD_BALANCER,
    });
  });

  it('fails where a domain that was named should be that of the load balancer, and is not', async () => {
    const subject = { domain: 'https://shop.example.com' };
    expect(await clinic.find('hosting', BEHIND_LOAD_BALANCER, {}, subject)).toMatchObject({
      state: 'failed',
      remedy: REMEDY_BEHIND_LOAD_BALANCER,
    });
  });

  it('is not what a load balancer needs: its domain answers', async () => {
    const routes = {
      ...BEHIND_LOAD_BALANCER,
      ...ofShop,
    };
    const subject = { domain: 'https://shop.example.com' };
    expect(await clinic.find('hosting', routes, {}, subject)).toMatchObject({ state: 'ok' });
  });
});

describe('the gateway behind Hosting', () => {
  const find = (answer: Answer | 'hang') =>
    clinic.find('gateway-hosting', { [AT.gatewayByHosting]: answer }, patience(answer));

  it('is asked for a sign-in by GET, which it refuses without asking Google', async () => {
    expect(await clinic.find('gateway-hosting')).toMatchObject({
      state: 'ok',
      message:
        'https://tiki-shop.web.app reaches the function: ' +
        '/identitytoolkit/v1/accounts:signInWithCustomToken, /securetoken/v1/token, ' +
        '/firestore/v1/projects/tiki-shop/databases/(default)/documents/doctor/check',
    });
    expect(clinic.internet.calls.map(({ method, path }) => `${method} ${path}`)).toContain(
      'GET /identitytoolkit/v1/accounts:signInWithCustomToken',
    );
  });

  it.each([
    [
      'is not known there',
      html(404, 'Page Not Found'),
      /does not know \/identitytoolkit\/v1/,
      DEPLOY_HOSTING,
    ],
    [
      'is not public',
      forbidden,
      /reaches a function that is not public/,
      'npx firebase deploy --only functions:tiki-bridge:gateway,hosting --project tiki-shop   # and see "Gateway public"',
    ],
    [
      'is misconfigured',
      bridgeProblem('misconfigured'),
      /reaches the function, which is misconfigured/,
      'npx firebase functions:log --only gateway --project tiki-shop   # names what is wrong',
    ],
    [
      'is mistaken for auth',
      bridgeProblem('not-found'),
      /signInWithCustomToken reaches a function that does not know it/,
      '# is it rewritten to gateway in firebase.json? Then\n' +
        'npx firebase deploy --only functions:tiki-bridge:gateway,hosting --project tiki-shop',
    ],
  ])('fails when it %s', async (_, answer, message, remedy) => {
    const finding = await find(answer);
    expect(finding?.state).toBe('failed');
    expect(finding?.message).toMatch(message);
    expect(finding?.remedy).toBe(remedy);
  });

  it('is not checked when it does not answer', async () => {
    expect(await find('hang')).toMatchObject({ state: 'not-checked' });
  });

  it('is warned of where Hosting cannot reach it behind a load balancer', async () => {
    const finding = await clinic.find('gateway-hosting', {
      [AT.gatewayService]: serviceJson('gateway', 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER'),
      [AT.gatewayByHosting]: html(404, 'Not Found'),
    });
    expect(finding?.state).toBe('warning');
    expect(finding?.remedy).toContain('# gcloud run services update gateway ');
  });
});

describe('the validation file', () => {
  const text = (body: string): Answer => ({
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body,
  });
  const find = (answer: Answer | 'hang') =>
    clinic.find('validation-file', { [AT.validationFile('abc123')]: answer }, patience(answer));

  it('is fine when it is there as text', async () => {
    expect(await find(text('whatever Tini Console put in'))).toMatchObject({ state: 'ok' });
  });

  it.each([
    ['missing', html(404, 'Page Not Found'), /is not there \(HTTP status 404\)/],
    ['a page for everything', html(200, 'Shop'), /is a page instead of the text file/],
    ['a page that calls itself text', text('<!DOCTYPE html>'), /is a page instead/],
    ['empty', text('\n'), /is empty/],
    ['moved', redirect, /is not there \(HTTP status 301\)/],
  ])('fails when it is %s', async (_, answer, message) => {
    const finding = await find(answer);
    expect(finding?.state).toBe('failed');
    expect(finding?.message).toMatch(message);
    expect(finding?.remedy).toBe(
      "# put Tini Console's file at public/tiki-validation-code/abc123/auth.txt, then\n" +
        DEPLOY_HOSTING,
    );
  });

  it('is not checked when the domain does not answer', async () => {
    expect(await find('hang')).toMatchObject({ state: 'not-checked' });
  });

  it('is not checked without its code', async () => {
    expect(await clinic.find('validation-file', {}, {}, { validationCode: undefined })).toEqual({
      check: 'validation-file',
      state: 'not-checked',
      message: 'needs the code that Tini Console shows for the domain',
      remedy: 'npm run doctor -- --project tiki-shop --validation-code <code>',
    });
  });
});
