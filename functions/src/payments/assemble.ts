import { randomUUID } from 'node:crypto';
import { systemClock } from '../clock';
import type { Handler } from '../http/handler';
import { serve, type ServeOptions, type Service } from '../http/serve';
import { requestClient } from '../limits/client-address';
import { networks } from '../limits/networks';
import { counter, inMemory } from '../limits/rate-limit';
import { logFor } from '../log/write-log';
import { openOnce } from '../lazy';
import { Problem } from '../problem';
import { TIKI_NAMING } from '../providers/tiki/naming';
import { openReader } from '../sessions/open-reader';
import { httpClient } from '../upstream/http-client';
import { openLedger, openPlatform, refundMsOf } from './open-payments';
import { notConfigured, parsePaymentParameters, type PaymentParameters } from './parameters';
import { readPlans, type Plan } from './plans';
import { PAYMENT_PATHS, paymentRoutes } from './routes';
import { createShop, type Shop, type ShopEffects } from './shop';

/** One request; shorter than any client waits. */
const REQUEST_TIMEOUT_MS = 8_000;
/** Somebody waits. */
const LEDGER_USE = { by: 'tiki', callMs: 2_000, changeMs: 4_000 } as const;

type Replaced = Partial<ShopEffects>;

/** Apps send ID tokens. Cookies are those of web sessions, which need WEB_API_KEY. */
function withOrWithoutCookies(parameters: PaymentParameters): PaymentParameters {
  const { WEB_API_KEY: key, FIREBASE_AUTH_EMULATOR_HOST: emulator, ...others } = parameters;
  return key === undefined && emulator === undefined
    ? { ...others, SESSION_KEYS: undefined }
    : parameters;
}

function assemble(env: NodeJS.ProcessEnv, log: ServeOptions['log'], replaced: Replaced): Service {
  const parameters = parsePaymentParameters(env);
  const http = httpClient(systemClock);
  const payments = replaced.payments ?? openPlatform(parameters, http);
  const isTrustedProxy = networks(parameters.TRUSTED_PROXIES);
  const count = counter(parameters.RATE_LIMIT_PER_MINUTE, inMemory);
  let plans: readonly Plan[] | undefined;

  const plansOf = ({ PAYMENT_PLANS: name }: PaymentParameters): readonly Plan[] => {
    if (name === undefined) throw notConfigured();
    return (plans ??= replaced.plans ?? readPlans(name));
  };

  async function openShop(): Promise<Shop> {
    const onSale = plansOf(parameters);
    const { store, project } =
      replaced.store && replaced.project
        ? { store: replaced.store, project: replaced.project }
        : await openLedger(parameters, LEDGER_USE);
    return createShop({
      ...{ store, project, payments, plans: onSale, log },
      refundMs: refundMsOf(parameters),
      projectId: parameters.GCLOUD_PROJECT,
    });
  }

  return {
    routes: paymentRoutes({
      shop: openOnce(openShop),
      plans: () => plansOf(parameters),
      payments,
      reader: openReader(withOrWithoutCookies(parameters), env, http).reader,
      naming: TIKI_NAMING,
      limited: async (uid) => {
        const retryAfterSeconds = await count(uid);
        if (retryAfterSeconds === undefined) return;
        const operator = { cause: `Too many requests of ${uid}` };
        throw new Problem('rate-limited', { operator, retryAfterSeconds });
      },
      addressOf: (request) => requestClient(request, isTrustedProxy).address,
      clock: systemClock,
    }),
    allowedOrigins: parameters.ALLOWED_ORIGINS,
    maxInFlight: parameters.MAX_IN_FLIGHT,
    secrets: [
      ...parameters.TIKI_CLIENT_SECRET,
      ...(env['SESSION_KEYS'] ?? '').split('\n').filter((line) => line !== ''),
    ],
  };
}

/**
 * The function `payments` as a request handler. Nothing is read or opened before the first request.
 *
 * @param effects Replace the real ones in tests.
 */
export function createPayments(
  env: NodeJS.ProcessEnv,
  effects: Replaced & Partial<Pick<ServeOptions, 'log' | 'newRequestId'>> = {},
): Handler {
  const { log = logFor(env), newRequestId = randomUUID, ...replaced } = effects;
  let service: Service | undefined;
  return serve({
    sources: PAYMENT_PATHS,
    service: () => (service ??= assemble(env, log, replaced)),
    timeoutMs: REQUEST_TIMEOUT_MS,
    pathPrefix: env['PATH_PREFIX'],
    projectId: env['GCLOUD_PROJECT'] || undefined,
    clock: systemClock,
    newRequestId,
    log,
  });
}
