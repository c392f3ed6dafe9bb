import { z } from 'zod';

/** A function of functions/src/functions.ts that anybody may call. */
export type FunctionId = 'auth' | 'gateway';

const secretReference = z.object({
  key: z.string(),
  projectId: z.string().regex(/^[a-z0-9.:-]+$/),
  secret: z.string().regex(/^[\w-]+$/),
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
        .regex(/^projects\/[\w.:-]+\/locations\/[a-z0-9-]+\/services\/[a-z0-9-]+$/),
      uri: z.url({ protocol: /^https$/ }),
      serviceAccountEmail: z.email(),
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
    /** Where it answers without Hosting. */
    uri: serviceConfig.uri.replace(/\/+$/, ''),
    runtimeAccount: serviceConfig.serviceAccountEmail,
    /** Parameters among them; may hold what nobody should see. */
    environment: serviceConfig.environmentVariables,
    secrets: serviceConfig.secretEnvironmentVariables,
  }));
/** What of a deployed function matters here. */
export type DeployedFunction = z.output<typeof functionSchema>;
