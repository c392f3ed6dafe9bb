import { readFirebaseJson } from '@tiki-bridge/testing/emulators/project-files';
import { asKit } from '../../../../../functions/src/operator';
import { clinicForEachTest, healthyWorld } from '../fakes/clinic';
import { AT, serviceJson } from '../fakes/google';

const clinic = clinicForEachTest();
const { hosting } = readFirebaseJson();

/** The finding with another firebase.json. */
const withText = (text: string) =>
  clinic.find('hosting-routes', {}, { readFile: healthyWorld({ 'firebase.json': text }).readFile });
const withHosting = (changed: unknown) => withText(JSON.stringify({ hosting: changed }));
const ofRewrites = (...rewrites: unknown[]) => withHosting({ ...hosting, rewrites });
const to = (functionId: string, region?: string) => ({ function: { functionId, region } });

describe('the routes of firebase.json', () => {
  it('are right as this project has them', async () => {
    expect(await clinic.find('hosting-routes')).toMatchObject({ state: 'ok' });
  });

  it.each<[string, unknown]>([
    [
      'before a page for everything else',
      [...hosting.rewrites, { source: '**', destination: '/' }],
    ],
    [
      'as globs',
      [
        { source: '/auth_{exchange,refresh,info}', ...to('auth') },
        {
          glob: '/@(identitytoolkit|securetoken|firestore|storage|tiki-validation-code)/**',
          ...to('gateway'),
        },
      ],
    ],
    [
      'as regular expressions, to functions by name and to their Cloud Run services',
      [
        { regex: '^/auth_', function: 'auth' },
        { source: '**', run: { serviceId: 'gateway', region: 'asia-southeast1' } },
      ],
    ],
  ])('are right %s', async (_, rewrites) => {
    expect(await withHosting({ ...hosting, rewrites })).toMatchObject({ state: 'ok' });
  });

  it('are right below a path, to the functions of a kit', async () => {
    const world = healthyWorld({
      'firebase.json': JSON.stringify({
        hosting: {
          ...hosting,
          rewrites: [
            { source: '/tiki/auth_*', ...to('kit-login-auth') },
            { source: '/tiki/**', ...to('kit-login-gateway') },
            { source: '/tiki-validation-code/**', ...to('kit-login-gateway') },
          ],
        },
      }),
      'functions/.env.tiki-shop': 'TIKI_CLIENT_KEY=key\nPATH_PREFIX=/tiki\n',
    });
    const kit = { deployed: asKit('login', 'tiki') };

    expect(await clinic.find('hosting-routes', {}, world, kit)).toMatchObject({ state: 'ok' });
    expect(await clinic.find('hosting-routes', {}, world)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(
        '/tiki/auth_info goes to kit-login-auth instead of auth',
      ) as string,
    });
  });

  it('may be those of one of several sites', async () => {
    const other = { target: 'blog', public: 'blog' };
    expect(await withHosting([other, hosting])).toMatchObject({ state: 'ok' });
  });

  it('fail where something before them matches', async () => {
    const page = { source: '**', destination: '/index.html' };
    const finding = await ofRewrites(page, ...hosting.rewrites);
    expect(finding).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(
        '/auth_refresh goes to /index.html instead of auth',
      ) as string,
      remedy: expect.stringContaining(
        'npx firebase deploy --only hosting --project tiki-shop',
      ) as string,
    });
    const redirected = await withHosting({
      ...hosting,
      redirects: [{ source: '/firestore/**', destination: 'https://example.com', type: 301 }],
    });
    expect(redirected?.message).toBe('firebase.json: /firestore/** is redirected');
    const captured = await withHosting({
      ...hosting,
      redirects: [{ source: '/:page', destination: '/p/:page', type: 301 }],
    });
    expect(captured?.message).toMatch(/^firebase\.json: \/auth_exchange is redirected; /);
  });

  it('fail where one is missing, leads to the other function, or to another region', async () => {
    const [first, , ...rest] = hosting.rewrites;
    expect((await ofRewrites(first, ...rest))?.message).toBe(
      'firebase.json: /auth_refresh is not rewritten',
    );
    const swapped = await ofRewrites(
      { source: '/auth_info', ...to('gateway') },
      ...hosting.rewrites,
    );
    expect(swapped?.message).toBe('firebase.json: /auth_info goes to gateway instead of auth');
    const away = { source: '/securetoken/**', ...to('gateway', 'us-central1') };
    expect((await ofRewrites(away, ...hosting.rewrites))?.message).toContain(
      '/securetoken/** goes to us-central1, but the function is in asia-southeast1',
    );
  });

  it('are found in a file with comments', async () => {
    const text = `// our shop\n${JSON.stringify({ hosting })}`;
    expect(await withText(text)).toMatchObject({ state: 'ok' });
  });

  it.each([[undefined], ['text'], [{ rewrites: 'none' }]])(
    'fail without any: %j',
    async (changed) => {
      expect(await withHosting(changed)).toMatchObject({ state: 'failed' });
    },
  );

  it('do not matter behind a load balancer', async () => {
    const service = serviceJson('auth', 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER');
    const { readFile } = healthyWorld({ 'firebase.json': '{}' });
    const routes = { [AT.service]: service };
    expect(await clinic.find('hosting-routes', routes, { readFile })).toMatchObject({
      state: 'ok',
    });
  });
});

it.each([
  ['hosting', AT.refreshByHosting, '/auth_refresh'],
  ['hosting', AT.infoByHosting, '/auth_info'],
  ['gateway-hosting', AT.tokenByHosting, '/securetoken/v1/token'],
  ['gateway-hosting', AT.firestoreByHosting, '/firestore/v1/projects/tiki-shop/'],
])('%s asks the domain at every route: %s', async (check, route, path) => {
  const answer = { status: 404, body: 'Page Not Found' };
  const finding = await clinic.find(check, { [route]: answer });
  expect(finding?.state).toBe('failed');
  expect(finding?.message).toContain(path);
});
