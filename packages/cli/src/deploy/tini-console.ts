import type { Subject } from '../doctor/facts';
import type { Environment } from '../parameters';

/**
 * What Tini Console has to know of a deployment.
 *
 * @param prefix Where the bridge is on the site; Tini Console looks for its file at the root all the same.
 */
export function tiniConsole(
  { domain, projectId }: Subject,
  parameters: Environment,
  prefix: string,
): string[] {
  const { hostname } = new URL(domain);
  const webOrigins = (parameters['WEB_ORIGINS'] ?? '').split(',').filter((origin) => origin !== '');
  return [
    'For Tini Console:',
    `  domain of requests          ${hostname}`,
    `  its validation file         ${domain}/tiki-validation-code/<code>/auth.txt`,
    ...webOrigins.map((origin) => `  domain of web-views         ${new URL(origin).hostname}`),
    ...(parameters['PAYMENT_PLANS']
      ? [`  payment notifications (IPN) ${domain}${prefix}/tiki_ipn`]
      : []),
    `In your Tini App: createTikiFirebase({ my, projectId: '${projectId}', baseUrl: '${domain}${prefix}' })`,
  ];
}
