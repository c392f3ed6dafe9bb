import { z } from 'zod';
import { sh } from '../../../../../functions/src/operator';
import { defineCheck } from '../check';
import { deploy, firebase } from '../commands';
import type { Subject } from '../facts';
import { failed, notChecked, ok, type Verdict, warning } from '../finding';
import { readProjectParameters } from '../parameters';
import type { World } from '../world';
import { cannotLook } from './cannot-look';

/** The APIs that the gateway calls with the key, and what fails without them. */
const NEEDED: Readonly<Record<string, string>> = {
  'identitytoolkit.googleapis.com': 'nobody can sign in',
  'securetoken.googleapis.com': 'every session ends after an hour',
};

const lookupSchema = z.object({
  name: z.string().regex(/^projects\/\d+\/locations\/global\/keys\/[\w-]+$/),
});

const keySchema = z.object({
  restrictions: z
    .object({
      apiTargets: z
        .array(
          z.object({
            service: z.string().regex(/^[a-z][\w.-]*$/),
            methods: z.array(z.string()).default([]),
          }),
        )
        .default([]),
      browserKeyRestrictions: z.unknown().optional(),
      serverKeyRestrictions: z.unknown().optional(),
      androidKeyRestrictions: z.unknown().optional(),
      iosKeyRestrictions: z.unknown().optional(),
    })
    .default({ apiTargets: [] }),
});
type Restrictions = z.output<typeof keySchema>['restrictions'];

/** Whom the key is restricted to; the gateway's requests name no page and no app. */
function callersOf(restrictions: Restrictions): string | undefined {
  if (restrictions.browserKeyRestrictions) return 'web pages';
  if (restrictions.androidKeyRestrictions) return 'Android apps';
  return restrictions.iosKeyRestrictions ? 'iOS apps' : undefined;
}

/** Follows a command that shows a key. */
function setKey(world: World, subject: Subject): string {
  const { file } = readProjectParameters(world, subject);
  return `${sh`printf '\\nWEB_API_KEY=<apiKey>\\n' >> ${file}`}\n${deploy('functions:tiki-bridge:gateway', subject)}`;
}

/** Takes the key of the project's web app. */
export function setWebApiKey(world: World, subject: Subject): string {
  return `${firebase('apps:sdkconfig WEB', subject)}   # shows it as apiKey\n${setKey(world, subject)}`;
}

const targets = (services: readonly string[]) =>
  services.map((service) => sh`--api-target=service=${service}`).join(' ');

function newKey(world: World, subject: Subject): string {
  const create = sh`gcloud services api-keys create --display-name tiki-bridge-gateway --project ${subject.projectId}`;
  return `${create} ${targets(Object.keys(NEEDED))}   # shows it as keyString\n${setKey(world, subject)}`;
}

function judge(restrictions: Restrictions, name: string, world: World, subject: Subject): Verdict {
  const { apiTargets } = restrictions;
  const callers = callersOf(restrictions);
  if (callers !== undefined) {
    return failed(
      `WEB_API_KEY is for ${callers} only, so Google refuses the gateway: it needs a key of its own`,
      newKey(world, subject),
    );
  }
  const allowed = apiTargets.map(({ service }) => service);
  const missing = Object.keys(NEEDED).filter((service) => !allowed.includes(service));
  if (apiTargets.length > 0 && missing.length > 0) {
    const faults = missing.map((service) => `${service}, so ${NEEDED[service] ?? ''}`);
    // The list is replaced as a whole; gcloud would drop restrictions to single methods.
    const isPlain = apiTargets.every(({ methods }) => methods.length === 0);
    return failed(
      `WEB_API_KEY does not allow ${faults.join('; nor ')}`,
      isPlain
        ? `${sh`gcloud services api-keys update ${name}`} ${targets([...allowed, ...missing])}`
        : newKey(world, subject),
    );
  }
  const partly = apiTargets.find(({ service, methods }) => service in NEEDED && methods.length > 0);
  if (partly) {
    return warning(
      `WEB_API_KEY allows single methods of ${partly.service} only`,
      newKey(world, subject),
    );
  }
  if (restrictions.serverKeyRestrictions) {
    return warning(
      'WEB_API_KEY is for some IP addresses only, and functions have none of their own without a NAT',
      newKey(world, subject),
    );
  }
  const to = apiTargets.length > 0 ? 'restricted to some APIs, these included' : 'not restricted';
  return ok(`WEB_API_KEY allows sign-in and token refresh (${to})`);
}

/** https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys#Restrictions */
export const webApiKey = defineCheck({
  name: 'web-api-key',
  title: 'Web API key',
  area: 'Google Cloud',
  needs: ['subject', 'projectId', 'google'],
  look: async (world, facts) => {
    const { subject, projectId, google, gateway, projectNumber } = facts;
    const environment = gateway?.environment ?? readProjectParameters(world, subject).values;
    const key = environment?.['WEB_API_KEY'];
    if (!key) return notChecked('WEB_API_KEY is not set: clients send a key of their own');
    const options = {
      google,
      projectId,
      what: 'the restrictions of WEB_API_KEY',
      role: 'roles/serviceusage.apiKeysViewer',
    } as const;
    const found = await google.get(
      `https://apikeys.googleapis.com/v2/keys:lookupKey?keyString=${encodeURIComponent(key)}`,
      lookupSchema,
    );
    if (found.kind === 'not-found') {
      return failed('Google does not know WEB_API_KEY', setWebApiKey(world, subject));
    }
    if (found.kind !== 'data') return cannotLook(found, options);
    const { name } = found.data;
    if (projectNumber !== undefined && name.split('/')[1] !== projectNumber) {
      return failed(
        'WEB_API_KEY is a key of another project, which refuses the custom tokens of this one',
        setWebApiKey(world, subject),
      );
    }
    const answer = await google.get(`https://apikeys.googleapis.com/v2/${name}`, keySchema);
    if (answer.kind !== 'data') return cannotLook(answer, options);
    return judge(answer.data.restrictions, name, world, subject);
  },
});
