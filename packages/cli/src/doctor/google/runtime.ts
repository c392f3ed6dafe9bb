import { defineCheck } from '../check';
import { deploy } from '../commands';
import { failed, ok, warning } from '../finding';

interface Lifetime {
  /** No longer supported from this day on. */
  readonly deprecated: string;
  /** Can no longer be deployed from this day on. */
  readonly decommissioned: string;
}

/** https://cloud.google.com/functions/docs/runtime-support */
const LIFETIMES: Readonly<Record<string, Lifetime>> = {
  nodejs18: { deprecated: '2025-04-30', decommissioned: '2025-10-30' },
  nodejs20: { deprecated: '2026-04-30', decommissioned: '2026-10-30' },
  nodejs22: { deprecated: '2027-04-30', decommissioned: '2028-10-31' },
  nodejs24: { deprecated: '2028-04-30', decommissioned: '2028-10-31' },
};

/** All that came before nodejs18 can no longer be deployed. */
function isOlder(runtime: string): boolean {
  const major = /^nodejs(\d+)$/.exec(runtime)?.[1];
  return major !== undefined && Number(major) < 18;
}

export const runtime = defineCheck({
  name: 'runtime',
  title: 'Runtime',
  area: 'Google Cloud',
  needs: ['subject', 'deployed'],
  look: ({ now }, { subject, deployed }) => {
    const name = deployed.runtime;
    const lifetime = LIFETIMES[name];
    const today = new Date(now()).toISOString().slice(0, 10);
    const renew =
      '# "runtime": "nodejs24" in firebase.json, then\n' + deploy('functions:auth', subject);
    if (isOlder(name) || (lifetime && today >= lifetime.decommissioned)) {
      const since = lifetime ? ` since ${lifetime.decommissioned}` : '';
      return failed(`${name} can no longer be deployed${since}; Google may stop it`, renew);
    }
    if (!lifetime) return warning(`${name} is not a runtime known to work here`, renew);
    if (today >= lifetime.deprecated) {
      return warning(`${name} cannot be deployed from ${lifetime.decommissioned} on`, renew);
    }
    return ok(`${name}, supported until ${lifetime.deprecated}`);
  },
});
