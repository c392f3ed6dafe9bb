import type { UpstreamAddresses } from '../upstreams/process';
import { startGuide } from './guide';
import { startLimit } from './limit';
import { startPayments, type PaymentTargets } from './payments';
import type { Endpoint, StartFunction, Target } from './target';

export interface Targets {
  /** The bridge as deployed: IAM's signBlob signs. */
  readonly bridge: Target;
  /** The bridge with a key file: it signs by itself. */
  readonly bridgeKeyFile: Target;
  /** The bridge as in the Auth emulator: nobody signs, so that its own work is all that is measured. */
  readonly bridgeUnsigned: Target;
  readonly limitTikiOnly: Target;
  readonly limit: Target;
  readonly limitTls: Target;
  readonly hello: Target;
  /** Undefined if Flask and gunicorn are not installed. */
  readonly guide: Endpoint | undefined;
  /** Or why there are none. */
  readonly payments: PaymentTargets | string;
}

export interface Parts {
  readonly addresses: UpstreamAddresses;
  readonly folders: { readonly bridge: string; readonly hello: string };
  /** A service account's key file. */
  readonly keyFile: string;
  readonly start: StartFunction;
}

/**
 * Starts everything that is compared, each in a process of its own. Stops all of it when `use` has
 * ended, or if one of them does not start.
 */
export async function withTargets(
  { addresses, folders, keyFile, start }: Parts,
  use: (targets: Targets) => Promise<void>,
): Promise<void> {
  const started: Pick<Target, 'stop'>[] = [];
  const keep = <T extends Pick<Target, 'stop'>>(target: T): T => {
    started.push(target);
    return target;
  };
  try {
    const guide = await startGuide(addresses);
    if (guide) keep(guide);
    const payments = await startPayments(folders.bridge, addresses, start);
    if (typeof payments !== 'string') keep(payments);
    await use({
      ...{ guide, payments },
      bridge: keep(await start(folders.bridge)),
      bridgeKeyFile: keep(await start(folders.bridge, { GOOGLE_APPLICATION_CREDENTIALS: keyFile })),
      // Only makes firebase-admin leave out the signature: nothing is called there.
      bridgeUnsigned: keep(
        await start(folders.bridge, { FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9' }),
      ),
      limitTikiOnly: keep(await startLimit('tiki', addresses)),
      limit: keep(await startLimit('tiki, signBlob', addresses)),
      limitTls: keep(await startLimit('tiki, signBlob with TLS', addresses)),
      hello: keep(await start(folders.hello)),
    });
  } finally {
    await Promise.all(started.map((target) => target.stop()));
  }
}
