import { defineCheck } from '../check';
import { warning } from '../finding';
import { lookForFunction } from './deployed-function';
import { judgeAccess } from './public-access';
import { setWebApiKey } from './web-api-key';

/** The second function: Google's endpoints on the developer's own domain. */
export const gateway = defineCheck({
  name: 'gateway',
  title: 'Gateway',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  gives: 'gateway',
  look: async (world, facts) => {
    const verdict = await lookForFunction('gateway', facts, (found) => ({ gateway: found }));
    const found = verdict.facts?.gateway;
    if (verdict.state !== 'ok' || !found || found.environment['WEB_API_KEY']) return verdict;
    const { subject } = facts;
    return warning(
      'gateway has no WEB_API_KEY: clients that send no key of their own cannot sign in',
      setWebApiKey(world, subject),
      verdict.facts,
    );
  },
});

export const gatewayAccess = defineCheck({
  name: 'gateway-public',
  title: 'Gateway public',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google', 'gateway'],
  gives: 'gatewayReach',
  look: (_world, facts) => judgeAccess(facts.gateway, facts, (gatewayReach) => ({ gatewayReach })),
});
