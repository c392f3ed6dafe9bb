import { sh } from '../../../../../functions/src/operator';
import { deploy, doctor } from '../commands';
import type { Reach, Subject } from '../facts';
import { failed, ok, type Verdict, warning } from '../finding';
import type { FunctionId } from '../google/function-shape';
import { pathPrefixOf } from '../parameters';
import type { World } from '../world';
import { type Knock, knockAt, readLog } from './bridge-answer';
import { connectDomain, deadEnd } from './dead-end';

/** The route that Tini Apps use: the domain, Hosting's rewrite, a function. */
interface Way {
  readonly knock: Knock;
  readonly to: FunctionId;
  /** Title of the check that reads who may call the function. */
  readonly seeAlso: string;
  /** Undefined: unknown. */
  readonly reach: Reach | undefined;
}

const HOSTINGS_OWN = /\.(?:web\.app|firebaseapp\.com)$/;

function judgeCode(code: string, { knock: { path }, to }: Way, subject: Subject): Verdict {
  const { domain } = subject;
  if (code === 'misconfigured') {
    return failed(`${domain} reaches the function, which is misconfigured`, readLog(to, subject));
  }
  if (code === 'not-found') {
    return failed(
      `${domain}${path} reaches a function that does not know it`,
      `# is it rewritten to ${to} in firebase.json? Then\n` +
        deploy(`functions:tiki-bridge:${to},hosting`, subject),
    );
  }
  return ok(`${domain}${path} reaches the function`);
}

/** Another server answers, and Hosting cannot reach the function. */
function pastLoadBalancer(status: number, { knock, to }: Way, subject: Subject): Verdict {
  const { domain, projectId, region } = subject;
  const say = HOSTINGS_OWN.test(domain) ? warning : failed;
  return say(
    `${domain}${knock.path} is not answered by the bridge (HTTP status ${status}): only a load ` +
      "balancer reaches it, Hosting's rewrites do not",
    `${doctor(subject)} --domain https://<domain of the load balancer>\n` +
      '# or let Hosting reach it:\n' +
      sh`# gcloud run services update ${to} --region ${region} --project ${projectId} --ingress all`,
  );
}

function judgeStranger(status: number, { knock: { path }, to, seeAlso }: Way, subject: Subject) {
  const { domain } = subject;
  const deployHosting = deploy('hosting', subject);
  switch (status) {
    case 404:
      return failed(
        `${domain} does not know ${path}: the site or its rewrites are not deployed`,
        deployHosting,
      );
    case 401:
    case 403:
      return failed(
        `${domain} reaches a function that is not public`,
        `${deploy(`functions:tiki-bridge:${to},hosting`, subject)}   # and see "${seeAlso}"`,
      );
    default:
      return failed(
        `${domain}${path} is not answered by the bridge (HTTP status ${status})`,
        `# is the rewrite's region in firebase.json that of the function? Then\n${deployHosting}`,
      );
  }
}

/** Asks one path after the other, until one does not lead to the function. */
export async function judgeWayIn(
  world: World,
  subject: Subject,
  { knocks, ...rest }: Omit<Way, 'knock'> & { readonly knocks: readonly Knock[] },
): Promise<Verdict> {
  const prefix = pathPrefixOf(world, subject);
  const prefixed = knocks.map((knock) => ({ ...knock, path: `${prefix}${knock.path}` as const }));
  for (const knock of prefixed) {
    const verdict = await judgePath(world, subject, { ...rest, knock });
    if (verdict.state !== 'ok') return verdict;
  }
  const paths = prefixed.map(({ path }) => path);
  return ok(`${subject.domain} reaches the function: ${paths.join(', ')}`);
}

async function judgePath(world: World, subject: Subject, way: Way): Promise<Verdict> {
  const { domain, projectId } = subject;
  const answer = await knockAt(world, domain, way.knock);
  switch (answer.kind) {
    case 'bridge':
      return judgeCode(answer.code, way, subject);
    case 'redirect':
      if (answer.to === undefined) {
        return failed(
          `${domain} redirects to an address without a valid host name`,
          `${sh`curl -vI ${domain}`}\n${deploy('hosting', subject)}`,
        );
      }
      return failed(
        `${domain} redirects to ${answer.to}: Tini Apps must use that name`,
        `${doctor(subject)} ${sh`--domain https://${answer.to}`}`,
      );
    case 'nothing':
      return deadEnd(answer, domain, connectDomain(projectId));
    case 'other':
      return way.reach === 'load-balancer'
        ? pastLoadBalancer(answer.status, way, subject)
        : judgeStranger(answer.status, way, subject);
  }
}
