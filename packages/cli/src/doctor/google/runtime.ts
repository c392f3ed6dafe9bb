import { requireOfFirebaseCli } from '@tiki-bridge/testing/emulators/firebase-cli';
import { defineCheck } from '../check';
import { deploy } from '../commands';
import { failed, ok, warning } from '../finding';

/** When Google stops supporting a runtime, and when it can no longer be deployed: days. */
interface Lifetime {
  readonly deprecationDate: string;
  readonly decommissionDate: string;
}

/** From the Firebase CLI's own table, by which it warns. The package has no types. */
function lifetimeOf(name: string): Lifetime | undefined {
  const { RUNTIMES } = requireOfFirebaseCli()(
    './lib/deploy/functions/runtimes/supported/types.js',
  ) as { readonly RUNTIMES: Readonly<Record<string, Lifetime>> };
  return name.startsWith('nodejs') ? RUNTIMES[name] : undefined;
}

export const runtime = defineCheck({
  name: 'runtime',
  title: 'Runtime',
  area: 'Google Cloud',
  needs: ['subject', 'deployed'],
  look: ({ now }, { subject, deployed }) => {
    const name = deployed.runtime;
    const lifetime = lifetimeOf(name);
    const today = new Date(now()).toISOString().slice(0, 10);
    const renew =
      '# "runtime": "nodejs24" in firebase.json, then\n' +
      deploy('functions:tiki-bridge:auth', subject);
    if (!lifetime) return warning(`${name} is not a runtime known to work here`, renew);
    const { deprecationDate, decommissionDate } = lifetime;
    if (today >= decommissionDate) {
      return failed(
        `${name} can no longer be deployed since ${decommissionDate}; Google may stop it`,
        renew,
      );
    }
    if (today >= deprecationDate) {
      return warning(`${name} cannot be deployed from ${decommissionDate} on`, renew);
    }
    return ok(`${name}, supported until ${deprecationDate}`);
  },
});
