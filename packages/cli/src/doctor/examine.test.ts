import { PRODUCTION_APP } from './fakes/tiki';
import { ACCESS_TOKEN } from './fakes/internet';
import { clinicForEachTest, healthyWorld, NOW } from './fakes/clinic';
import { defineCheck } from './check';
import { LOCAL_CHECKS, PROJECT_CHECKS } from './checks';
import { examine } from './examine';
import { ok } from './finding';

const clinic = clinicForEachTest();

describe('a project in which everything is right', () => {
  it('is found so by every check, in order', async () => {
    const findings = await clinic.examine();
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(PROJECT_CHECKS.map(({ name }) => name));
  });

  it('is looked at without changing anything: nothing but reading methods and the bogus login', async () => {
    await clinic.examine();
    const posts = clinic.internet.calls.filter(({ method }) => method !== 'GET');
    expect(posts.map(({ path }) => path.replace(/^.*[/:]/, '').replace(/\?.*$/, ''))).toEqual([
      'getIamPolicy',
      'getIamPolicy',
      'token',
      'auth_exchange',
      'auth_exchange',
      'auth_refresh',
      'auth_info',
      // A document takes no POST: the gateway refuses it without asking Google.
      'check',
    ]);
  });

  it('shows its access token to Google alone, and secret and token to nobody', async () => {
    const findings = await clinic.examine();
    const withToken = clinic.internet.calls.filter(({ authorization }) => authorization);
    expect(withToken.length).toBeGreaterThan(5);
    const others = /^\/(?:tiniapp|auth_exchange|identitytoolkit|tiki-validation-code)/;
    expect(withToken.filter(({ path }) => others.test(path))).toEqual([]);
    const said = JSON.stringify(findings);
    expect(said).not.toContain(PRODUCTION_APP.clientSecret);
    expect(said).not.toContain(ACCESS_TOKEN);
  });
});

it('says of a check whose ground is missing which other check to look at', async () => {
  const findings = await clinic.examine({}, { signIn: () => Promise.resolve({ kind: 'none' }) });
  expect(findings.find(({ check }) => check === 'project')).toEqual({
    check: 'project',
    state: 'not-checked',
    message: 'needs "Credentials", see there',
  });
  expect(findings.find(({ check }) => check === 'tiki-credentials')).toMatchObject({
    state: 'not-checked',
    message: 'needs "Client secret", see there',
  });
});

it('goes on after a check that throws, and does not quote the error', async () => {
  const broken = defineCheck({
    name: 'broken',
    title: 'Broken',
    area: 'Tiki',
    needs: [],
    look: () => {
      throw new TypeError('something secret');
    },
  });
  const fine = defineCheck({ ...broken, name: 'fine', look: () => ok('fine') });
  const findings = await examine([broken, fine], healthyWorld(), {});
  expect(findings).toEqual([
    {
      check: 'broken',
      state: 'not-checked',
      message: 'the doctor itself stumbled here (TypeError); please report it',
    },
    { check: 'fine', state: 'ok', message: 'fine' },
  ]);
});

it('asks nothing outside as long as no project is named', async () => {
  const findings = await examine(LOCAL_CHECKS, { ...healthyWorld(), now: () => NOW }, {});
  expect(findings.slice(0, -1).filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(findings.at(-1)).toMatchObject({
    state: 'not-checked',
    remedy: 'npm run doctor -- --project <project id>',
  });
});
