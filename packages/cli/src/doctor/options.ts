import { parseArgs } from 'node:util';
import type { Subject } from './facts';

export const HELP = `npm run doctor -- [options]

Finds out why a login does not work, and says which command mends it.
Without --project it looks at this machine only and asks nothing outside.

  --project <id>            a deployed project: function, signing, secret, Tiki, Hosting
  --region <region>         where the function is             (asia-southeast1)
  --domain <https://…>      where Tini Apps call it           (https://<id>.web.app)
  --validation-code <code>  also look for Tini Console's validation file of that domain
  --json                    an array of {check, state, message, remedy?}, state being
                            "ok", "warning", "failed" or "not-checked";
                            npm run --silent doctor -- --json keeps npm's own lines out
  --help                    this text

Google is asked with Application Default Credentials
(gcloud auth application-default login), Tiki with the function's own key and secret
and a code that is nobody's. Nothing is changed; no secret and no token is printed.

Exit code: 0 nothing failed, 1 something failed, 2 these arguments make no sense.
Docs: docs/doctor.md`;

export type Options =
  | { readonly kind: 'help' }
  | { readonly kind: 'examine'; readonly subject: Subject | undefined; readonly json: boolean };

/** What the arguments do not make sense of, for the person who wrote them. */
export class BadArguments extends Error {
  override readonly name = 'BadArguments';
}

const PROJECT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const REGION = /^[a-z]+-[a-z]+\d{1,2}$/;
const VALIDATION_CODE = /^[\w-][\w.-]{0,255}$/;

function parseProject(text: string): string {
  if (text.startsWith('demo-')) {
    throw new BadArguments(`${text}: projects named demo-… exist in the emulators only`);
  }
  if (!PROJECT.test(text)) throw new BadArguments(`--project: "${text}" is not a project id`);
  return text;
}

function parseDomain(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || (text !== url.origin && text !== `${url.origin}/`)) {
    throw new BadArguments(`--domain: "${text}" is not of the form https://shop.example.com`);
  }
  return url.origin;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        project: { type: 'string' },
        region: { type: 'string' },
        domain: { type: 'string' },
        'validation-code': { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new BadArguments(error instanceof Error ? error.message : String(error));
  }
}

/** @throws BadArguments */
export function parseOptions(args: readonly string[]): Options {
  const { project, region, domain, 'validation-code': code, json, help } = readArguments(args);
  if (help) return { kind: 'help' };
  if (project === undefined) {
    if (region !== undefined || domain !== undefined || code !== undefined) {
      throw new BadArguments('--region, --domain and --validation-code go with --project');
    }
    return { kind: 'examine', subject: undefined, json };
  }
  const projectId = parseProject(project);
  if (region !== undefined && !REGION.test(region)) {
    throw new BadArguments(`--region: "${region}" is not a region such as asia-southeast1`);
  }
  if (code !== undefined && !VALIDATION_CODE.test(code)) {
    throw new BadArguments('--validation-code: letters, digits, ".", "_" and "-" only');
  }
  const subject = {
    projectId,
    region: region ?? 'asia-southeast1',
    domain: domain === undefined ? `https://${projectId}.web.app` : parseDomain(domain),
    validationCode: code,
  };
  return { kind: 'examine', subject, json };
}
