import { z } from 'zod';

/** A function of functions/src/functions.ts that is examined. */
export type FunctionId =
  | 'auth'
  | 'gateway'
  | 'sessions'
  | 'backend'
  | 'payments'
  | 'reconcilePayments'
  | 'paymentsDaily'
  | 'pushNotification';

/** A zod address may start with `-`, which a command would take for an option. */
export const accountEmail = z.email().regex(/^[a-z\d]/i);

const secretReference = z.object({
  key: z.string(),
  projectId: z.string().regex(/^[a-z0-9][a-z0-9.:-]*$/),
  secret: z.string().regex(/^\w[\w-]*$/),
  version: z.string().regex(/^(?:\d+|latest)$/),
});
export type SecretReference = z.output<typeof secretReference>;

export const functionSchema = z
  .object({
    state: z.string().regex(/^[A-Z_]+$/),
    stateMessages: z
      .array(z.object({ type: z.string().regex(/^\w{1,60}$/) }))
      .optional()
      .catch(undefined),
    buildConfig: z.object({ runtime: z.string().regex(/^[a-z]+\d+$/) }),
    serviceConfig: z.object({
      service: z
        .string()
        .regex(/^projects\/[\w.:-]+\/locations\/[a-z0-9-]+\/services\/[a-z][a-z0-9-]*$/),
      uri: z.url({ protocol: /^https$/, hostname: z.regexes.hostname }),
      serviceAccountEmail: accountEmail,
      environmentVariables: z.record(z.string(), z.string()).default({}),
      secretEnvironmentVariables: z.array(secretReference).default([]),
    }),
  })
  .transform(({ state, stateMessages, buildConfig, serviceConfig }) => ({
    state,
    stateMessages: (stateMessages ?? []).map(({ type }) => type),
    runtime: buildConfig.runtime,
    /** The Cloud Run service behind it, `projects/…/services/…`. */
    service: serviceConfig.service,
    /** Its address without Hosting. */
    uri: serviceConfig.uri.replace(/\/+$/, ''),
    runtimeAccount: serviceConfig.serviceAccountEmail,
    /** Includes the parameters; may contain secrets. */
    environment: serviceConfig.environmentVariables,
    secrets: serviceConfig.secretEnvironmentVariables,
  }));

/** The part of a deployed function that is used here. */
export type DeployedFunction = z.output<typeof functionSchema>;
