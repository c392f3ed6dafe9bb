import { startSite, type TestSite } from '../../sessions/support/site';

/**
 * Attack (session fixation): a page of a sibling domain sets `__session` for the whole domain beside the
 * visitor's own. Clearing "the" cookie would remove the visitor's, which is this host's, and leave the
 * attacker's alone: the visitor would then be the attacker.
 */
describe('a cookie planted beside the genuine one', () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  const clears = async (Cookie: string) => {
    const response = await site.ask('/session/user', { headers: { Cookie } });
    return response.headers.get('set-cookie') !== null;
  };

  it('does not remove the genuine one', async () => {
    const attacker = await site.signIn('666');
    const victim = await site.signIn('1');

    expect(await clears(`${victim.cookie}; ${attacker.cookie}`)).toBe(false);
    expect(await clears(`${attacker.cookie}; ${victim.cookie}`)).toBe(false);
    expect(await clears(`__session=; ${victim.cookie}`)).toBe(false);
  });

  it('is alone just as little removed by a GET, whatever it holds', async () => {
    expect(await clears('__session=a.b.c')).toBe(false);
  });
});
