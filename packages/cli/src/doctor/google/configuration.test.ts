import { parseDotenv } from '@tiki-bridge/testing/emulators/dotenv';
import { clinicForEachTest, healthyWorld } from '../fakes/clinic';
import { AT, functionJson, googleError, secretJson } from '../fakes/google';

const clinic = clinicForEachTest();

const DEPLOY = 'npx firebase deploy --only functions:tiki-bridge:auth --project tiki-shop';
/** All functions with the secret. */
const DEPLOY_ALL = 'npx firebase deploy --only functions --project tiki-shop';
const SET = `npx firebase functions:secrets:set TIKI_CLIENT_SECRET --project tiki-shop\n${DEPLOY_ALL}`;
const missing = googleError(404, 'NOT_FOUND');

describe('the parameters', () => {
  const find = (environmentVariables: Record<string, string>) =>
    clinic.find('parameters', { [AT.function]: functionJson({ environmentVariables }) });

  it.each([
    ['a missing key', {}, 'TIKI_CLIENT_KEY is not set (deployed)'],
    [
      'white space in the key',
      { TIKI_CLIENT_KEY: ' visible-nowhere' },
      'TIKI_CLIENT_KEY has white space in it or around it (deployed)',
    ],
    [
      'an address without https',
      { TIKI_CLIENT_KEY: 'k', TIKI_API_BASE_URL: 'http://api.tiki.vn' },
      'TIKI_API_BASE_URL is not an https address (http is taken for loopback hosts only) (deployed)',
    ],
    [
      'the address of the simulator',
      { TIKI_CLIENT_KEY: 'k', TIKI_API_BASE_URL: 'http://127.0.0.1:9010/tiniapp-open-api' },
      "TIKI_API_BASE_URL is an address of the function's own machine (deployed)",
    ],
  ])('fail for %s, without its value', async (_, environment, message) => {
    expect(await find(environment)).toEqual({
      check: 'parameters',
      state: 'failed',
      message,
      remedy: `# correct functions/.env.tiki-shop, then\n${DEPLOY}`,
    });
  });

  it("are warned of when the address is neither of Tiki's", async () => {
    const environment = { TIKI_CLIENT_KEY: 'k', TIKI_API_BASE_URL: 'https://tiki.example.com' };
    expect(await find(environment)).toMatchObject({ state: 'warning' });
  });

  it('are warned of when the file was changed after the deployment', async () => {
    const world = healthyWorld({ 'functions/.env.tiki-shop': 'TIKI_CLIENT_KEY="another-key"' });
    expect(await clinic.find('parameters', {}, { readFile: world.readFile })).toMatchObject({
      state: 'warning',
      message: 'functions/.env.tiki-shop was changed and not deployed: TIKI_CLIENT_KEY',
      remedy: DEPLOY,
    });
  });

  it('are deployed by the alias that their file is named after', async () => {
    const files: Readonly<Record<string, string>> = {
      'functions/.env.prod': 'TIKI_CLIENT_KEY=another-key\n',
    };
    const readFile = (path: string) => files[path];
    const finding = await clinic.find('parameters', {}, { readFile }, { alias: 'prod' });
    expect(finding).toMatchObject({
      state: 'warning',
      message: 'functions/.env.prod was changed and not deployed: TIKI_CLIENT_KEY',
      remedy: 'npx firebase deploy --only functions:tiki-bridge:auth --project prod',
    });
  });

  it.each([
    ['gateway', 'TIKI_VALIDATION_CODES=code:content', 'functions:tiki-bridge:gateway'],
    ['auth', 'RATE_LIMIT_PER_MINUTE=60', 'functions:tiki-bridge:auth'],
    ['gateway', 'ALLOWED_ORIGINS=https://shop.example', 'functions:tiki-bridge:gateway'],
    ['auth', 'ALLOWED_ORIGINS=https://shop.example', 'functions:tiki-bridge:auth'],
    [undefined, 'ALLOWED_ORIGINS=https://shop.example', 'functions'],
    [undefined, 'PREMIUM_DATABASE_URL=https://shop.firebaseio.com', 'functions'],
    [undefined, 'RATE_LIMIT_PER_MINUTE=60\nTIKI_VALIDATION_CODES=code:content', 'functions'],
  ] as const)(
    'are deployed where they are read: %s lacks %s, so %s',
    async (lacking, lines, target) => {
      const all = { TIKI_CLIENT_KEY: 'production-key', WEB_API_KEY: 'a-web-api-key' };
      const set = parseDotenv(lines).values;
      const of = (id: 'auth' | 'gateway') => {
        const isBehind = lacking === undefined || lacking === id;
        return functionJson({ environmentVariables: { ...all, ...(isBehind ? {} : set) } }, id);
      };
      const routes = { [AT.function]: of('auth'), [AT.gateway]: of('gateway') };
      const file = `TIKI_CLIENT_KEY=production-key\nWEB_API_KEY=a-web-api-key\n${lines}\n`;
      const { readFile } = healthyWorld({ 'functions/.env.tiki-shop': file });
      expect(await clinic.find('parameters', routes, { readFile })).toMatchObject({
        state: 'warning',
        remedy: `npx firebase deploy --only ${target} --project tiki-shop`,
      });
    },
  );

  it('are well-formed where a function lacks only what it does not read', async () => {
    const file =
      'TIKI_CLIENT_KEY=production-key\nWEB_API_KEY=a-new-one\nTIKI_VALIDATION_CODES=code:content\n';
    const { readFile } = healthyWorld({ 'functions/.env.tiki-shop': file });
    const environmentVariables = {
      WEB_API_KEY: 'a-new-one',
      TIKI_VALIDATION_CODES: 'code:content',
    };
    const routes = { [AT.gateway]: functionJson({ environmentVariables }, 'gateway') };
    expect(await clinic.find('parameters', routes, { readFile })).toMatchObject({ state: 'ok' });
  });

  it('are written down for a checkout without the file, before it is deployed', async () => {
    const environmentVariables = {
      TIKI_CLIENT_KEY: 'production-key',
      TIKI_CLIENT_SECRET: 'open-secret',
      SOMEBODY_ELSES: 'secret-too',
      RATE_LIMIT_PER_MINUTE: '60',
      MAX_IN_FLIGHT: '400',
      APP_CHECK_APP_ID: "it's odd",
      TIKI_VALIDATION_CODES: 'not:read-by-auth',
    };
    const ofGateway = { WEB_API_KEY: 'a-key', TIKI_VALIDATION_CODES: 'code:content' };
    const routes = {
      [AT.function]: functionJson({ environmentVariables }),
      [AT.gateway]: functionJson({ environmentVariables: ofGateway }, 'gateway'),
    };
    const files: Readonly<Record<string, string>> = {
      'functions/.env': 'RATE_LIMIT_PER_MINUTE=30\nMAX_IN_FLIGHT=400\n',
    };
    const readFile = (path: string) => files[path];
    const findings = await clinic.examine(routes, { readFile });
    const finding = (name: string) => findings.find(({ check }) => check === name);
    const FILE = 'functions/.env.tiki-shop';
    const lines = [
      `echo 'TIKI_CLIENT_KEY=production-key' >> ${FILE}`,
      '# APP_CHECK_APP_ID, too: the Google Cloud console shows its value',
      `echo 'RATE_LIMIT_PER_MINUTE=60' >> ${FILE}`,
      `echo 'WEB_API_KEY=a-key' >> ${FILE}`,
      `echo 'TIKI_VALIDATION_CODES=code:content' >> ${FILE}`,
      `# and commit ${FILE}: it holds no secret`,
    ];
    // The odd value is not an app id.
    expect(finding('parameters')).toMatchObject({
      state: 'failed',
      remedy: [...lines, `# correct ${FILE}, then`, DEPLOY].join('\n'),
    });
    expect(finding('parameter-files')).toEqual({
      check: 'parameter-files',
      state: 'not-checked',
      message: `there is no ${FILE}, see "Parameters"`,
    });
    expect(JSON.stringify(findings)).not.toMatch(/open-secret|secret-too/);
  });

  it('are warned of when they are well-formed and stand in no file', async () => {
    const finding = await clinic.find('parameters', {}, { readFile: () => undefined });
    expect(finding).toMatchObject({
      state: 'warning',
      message: 'there is no functions/.env.tiki-shop: a deployment from here undoes what was set',
    });
    expect(finding?.remedy).toMatch(/^echo 'TIKI_CLIENT_KEY=production-key' >> /);
  });

  it('are warned of whatever their name, but not where a default has changed nothing', async () => {
    const { readFile } = healthyWorld({
      'functions/.env': 'RATE_LIMIT_PER_MINUTE=30\nMAX_IN_FLIGHT=400\nTRUSTED_PROXIES=0\n',
      'functions/.env.tiki-shop':
        'TIKI_CLIENT_KEY=production-key\nTRUSTED_PROXIES=1\nRATE_LIMIT_PER_MINUTE=60\n' +
        'APP_CHECK_APP_ID=1:4711:web:abc\nWEB_API_KEY=another\nMAX_IN_FLIGHT=400\n',
    });
    const finding = await clinic.find('parameters', {}, { readFile });
    expect(finding?.state).toBe('warning');
    expect(finding?.message.replace(/^.*: /, '').split(', ').sort()).toEqual([
      'APP_CHECK_APP_ID',
      'RATE_LIMIT_PER_MINUTE',
      'TRUSTED_PROXIES',
      'WEB_API_KEY',
    ]);
    expect(JSON.stringify(finding)).not.toContain('another');
  });

  it('are not warned of for a secret in the open, of which "parameter-files" speaks', async () => {
    const { readFile, listFiles } = healthyWorld({
      'functions/.env.tiki-shop': 'TIKI_CLIENT_KEY=production-key\nTIKI_CLIENT_SECRET=open\n',
    });
    const findings = await clinic.examine({}, { readFile, listFiles });
    const stateOf = (name: string) => findings.find(({ check }) => check === name)?.state;
    expect([stateOf('parameters'), stateOf('parameter-files')]).toEqual(['ok', 'failed']);
  });

  it('are read from the file as long as nothing is deployed', async () => {
    expect(await clinic.find('parameters', { [AT.function]: missing })).toMatchObject({
      state: 'ok',
      message:
        "well-formed, for Tiki's production (not deployed yet, from functions/.env.tiki-shop)",
    });
  });

  it('are not checked when there is neither function nor file', async () => {
    const readFile = () => undefined;
    const routes = { [AT.function]: missing };
    expect(await clinic.find('parameters', routes, { readFile })).toMatchObject({
      state: 'not-checked',
      remedy:
        "# if nothing is deployed yet\necho 'TIKI_CLIENT_KEY=<client key>' > functions/.env.tiki-shop",
    });
  });
});

describe('the secret', () => {
  it.each([
    ['a line break at its end', 'stray-secret-1\n'],
    ['a blank before it', ' stray-secret-2'],
    ['a tab in it', 'stray\tsecret-3'],
  ])('fails with %s, and nothing of it is said, nor how long it is', async (_, value) => {
    const findings = await clinic.examine({ [AT.secret('3')]: secretJson(value) });
    expect(findings.find(({ check }) => check === 'secret')).toEqual({
      check: 'secret',
      state: 'failed',
      message: 'TIKI_CLIENT_SECRET has white space in it or around it',
      remedy: SET,
    });
    expect(JSON.stringify(findings)).not.toMatch(/stray/);
  });

  it.each([
    ['empty', secretJson(''), 'TIKI_CLIENT_SECRET is not set'],
    [
      'no text',
      { status: 200, body: '{"name":"projects/1/secrets/s/versions/3","payload":{"data":"gIGC"}}' },
      'TIKI_CLIENT_SECRET has characters outside visible ASCII',
    ],
    ['not there', missing, 'there is no secret TIKI_CLIENT_SECRET'],
    [
      'disabled',
      googleError(400, 'FAILED_PRECONDITION'),
      'version 3 of TIKI_CLIENT_SECRET is disabled or destroyed',
    ],
  ])('fails when it is %s', async (_, answer, message) => {
    expect(await clinic.find('secret', { [AT.secret('3')]: answer })).toMatchObject({
      state: 'failed',
      message,
      remedy: SET,
    });
  });

  it('is warned of when a newer version waits for a deployment', async () => {
    const routes = { [AT.secret('latest')]: secretJson('a-new-secret', '4') };
    expect(await clinic.find('secret', routes)).toMatchObject({
      state: 'warning',
      message: 'the function uses version 3 of TIKI_CLIENT_SECRET, the newest is 4',
      remedy: DEPLOY_ALL,
    });
  });

  it('fails when the function was deployed without it', async () => {
    const routes = { [AT.function]: functionJson({ secretEnvironmentVariables: [] }) };
    expect(await clinic.find('secret', routes)).toMatchObject({
      state: 'failed',
      message: 'the function was deployed without TIKI_CLIENT_SECRET',
      remedy: SET,
    });
  });

  it('fails when it is a plain parameter, without its value', async () => {
    const environmentVariables = { TIKI_CLIENT_KEY: 'k', TIKI_CLIENT_SECRET: 'open-secret' };
    const deployed = functionJson({ environmentVariables, secretEnvironmentVariables: [] });
    const findings = await clinic.examine({ [AT.function]: deployed });
    const finding = findings.find(({ check }) => check === 'secret');
    expect(finding?.message).toContain('is a plain parameter of the function');
    expect(finding?.remedy).toMatch(/renew it in Tini Console\n.*secrets:set/);
    expect(JSON.stringify(findings)).not.toContain('open-secret');
  });

  it('is read in its latest version as long as nothing is deployed', async () => {
    const routes = { [AT.function]: missing, [AT.secret('latest')]: secretJson('fine', '7') };
    expect(await clinic.find('secret', routes)).toMatchObject({
      state: 'ok',
      message: 'TIKI_CLIENT_SECRET is there and well-formed (version 7)',
    });
  });
});
